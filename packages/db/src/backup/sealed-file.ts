import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { type Readable, Transform, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StoreUnusable } from '../prepare-roles.ts';
import { writeCompressed } from './write-compressed.ts';

/** What a backup says of itself; the first line of the file. */
export interface BackupHeader {
  format: 'devpulse-backup';
  version: 1;
  /** `cluster`: the whole folder of the embedded PostgreSQL. `tables`: the rows of every table. */
  kind: 'cluster' | 'tables';
  /** The version of DevPulse that wrote it. */
  program: string;
  takenAt: string;
  /** Major version of the PostgreSQL that wrote it; a cluster starts under no other. */
  serverMajor: number;
  /** The steps of the schema that the store had. */
  schema: { version: number; name: string; checksum: string }[];
  /** The master keys without which the secrets in here stay sealed, by their fingerprints; the keys themselves are not here. */
  masterKeys: string[];
}

/** Where the rows lie in a file that was found whole. */
export interface CheckedBackup {
  file: string;
  header: BackupHeader;
  bytes: number;
  payload: { start: number; end: number };
}

const headerBytesMax = 1024 * 1024;
const sealPattern = /^\nsha256 ([0-9a-f]{64})\n$/;
const sealBytes = 1 + 7 + 64 + 1;

/**
 * Writes one backup: a line that says what it is, what `fill` writes, compressed, and a checksum over both. The file bears its
 * name when, and only when, all of it is on the disk.
 */
export async function writeSealedFile(
  target: { file: string; header: BackupHeader; onBytes?: (bytes: number) => void },
  fill: (sink: Writable) => Promise<void>,
): Promise<{ bytes: number }> {
  const { file, header } = target;
  if (existsSync(file)) throw new StoreUnusable(`${file} is there already; name another file, or move it away`);
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      target.onBytes?.(bytes);
      done(null, chunk);
    },
    flush(done) {
      this.push(`\nsha256 ${hash.digest('hex')}\n`);
      done();
    },
  });
  count.write(`${JSON.stringify(header)}\n`);
  await writeCompressed({ file, through: count, over: true }, fill);
  return { bytes: bytes + sealBytes };
}

/** Reads a whole backup and compares its checksum, before anything is done with it. */
export async function checkSealedFile(
  file: string,
  onBytes?: (done: number, all: number) => void,
): Promise<CheckedBackup> {
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new StoreUnusable(`the backup ${file} cannot be read: ${error.message}`);
  });
  const damaged = (why: string) =>
    new StoreUnusable(`${file} is not a whole backup of DevPulse: ${why}; nothing was changed`);
  if (size <= sealBytes) throw damaged('it is too short');
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let done = 0;
  for await (const chunk of createReadStream(file, { end: size - sealBytes - 1 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (head.length < headerBytesMax) head = Buffer.concat([head, chunk.subarray(0, headerBytesMax - head.length)]);
    done += chunk.length;
    onBytes?.(done, size);
  }
  const seal = sealPattern.exec(await readEnd(file, size));
  if (seal === null) throw damaged('its end is missing');
  const headerEnd = head.indexOf(0x0a);
  const header = headerEnd === -1 ? null : readHeader(head.subarray(0, headerEnd).toString('utf8'));
  if (seal[1] !== hash.digest('hex'))
    throw damaged('its checksum does not match, so it was damaged since it was written');
  if (header === null) throw damaged('its first line is not that of a backup');
  return { file, header, bytes: size, payload: { start: headerEnd + 1, end: size - sealBytes - 1 } };
}

async function readEnd(file: string, size: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(sealBytes), 0, sealBytes, size - sealBytes);
    return buffer.toString('latin1');
  } finally {
    await handle.close();
  }
}

function readHeader(line: string): BackupHeader | null {
  let header: Partial<BackupHeader>;
  try {
    header = JSON.parse(line) as Partial<BackupHeader>;
  } catch {
    // Some other file: the caller says so.
    return null;
  }
  if (header.format !== 'devpulse-backup') return null;
  if (header.version !== 1)
    throw new StoreUnusable(
      `this backup was written in format ${String(header.version)} by a newer DevPulse; use that version`,
    );
  return header as BackupHeader;
}

/** The content of a checked backup, unpacked. */
export function openPayload(backup: CheckedBackup): Readable {
  const gunzip = createGunzip();
  const source = createReadStream(backup.file, backup.payload);
  source.once('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}
