import { chownSync, mkdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { StoreUnusable } from '../prepare-roles.ts';

const BLOCK = 512;

interface Member {
  name: string;
  size: number;
  isFolder: boolean;
}

/** Unpacks the tar of a base backup into an empty folder; whatever does not belong into one is refused. */
export async function unpackCluster(
  source: Readable,
  target: { folder: string; owner: { uid: number; gid: number } | null },
): Promise<{ files: number }> {
  const read = openReader(source);
  const give = (place: string): void => {
    if (target.owner !== null) chownSync(place, target.owner.uid, target.owner.gid);
  };
  let files = 0;
  for (;;) {
    const header = await read.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const member = readMember(header);
    const place = path.join(target.folder, member.name);
    if (member.isFolder) {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      give(place);
      continue;
    }
    const handle = await open(place, 'wx', 0o600);
    try {
      await writeBody(read, handle, member.size);
    } finally {
      await handle.close();
    }
    give(place);
    await read.exactly((BLOCK - (member.size % BLOCK)) % BLOCK);
    files += 1;
  }
  await read.rest();
  return { files };
}

function readMember(header: Buffer): Member {
  const text = (from: number, to: number): string => header.toString('latin1', from, to).split('\0')[0] ?? '';
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(148, 156).trim(), 8) !== sum)
    throw new StoreUnusable('the archive in the backup is damaged');
  const kind = String.fromCharCode(header[156] ?? 0);
  const name = text(0, 100).replace(/\/$/, '');
  // Symbolic links would be tablespaces, long names other tools' extensions: DevPulse writes neither.
  if (!['0', '\0', '5'].includes(kind) || text(345, 500) !== '')
    throw new StoreUnusable(`the archive in the backup holds "${name}", which is neither a file nor a folder`);
  if (name === '' || path.isAbsolute(name) || name.split('/').some((part) => part === '..' || part === ''))
    throw new StoreUnusable(`the archive in the backup holds "${name}", which leads out of its folder`);
  return { name, size: kind === '5' ? 0 : readSize(header), isFolder: kind === '5' };
}

/** Octal, or for files of 8 GiB and more binary with the first bit set. */
function readSize(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) !== 0) return Number(header.readBigUInt64BE(128));
  return Number.parseInt(header.toString('latin1', 124, 136).trim(), 8);
}

async function writeBody(read: Reader, handle: FileHandle, size: number): Promise<void> {
  for (let left = size; left > 0;) {
    const piece = await read.some(left);
    await handle.writeFile(piece);
    left -= piece.length;
  }
}

interface Reader {
  exactly(bytes: number): Promise<Buffer>;
  /** What is there, at most so much. */
  some(most: number): Promise<Buffer>;
  rest(): Promise<void>;
}

function openReader(source: Readable): Reader {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  const take = (bytes: number): Buffer => {
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  };
  return {
    exactly: async (bytes) => {
      while (held.length < bytes)
        if (!(await more())) throw new StoreUnusable('the archive in the backup ends too early');
      return take(bytes);
    },
    some: async (most) => {
      while (held.length === 0)
        if (!(await more())) throw new StoreUnusable('the archive in the backup ends too early');
      return take(Math.min(most, held.length));
    },
    rest: async () => {
      do held = Buffer.alloc(0);
      while (await more());
    },
  };
}
