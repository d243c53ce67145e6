import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { open as openZip, type Entry, type ZipFile } from 'yauzl';
import type { Store } from '@devpulse/db/open-store';
import { type Manifest, manifestSchema } from './manifest.ts';
import { readParts } from './transfer-row.ts';

/** The file cannot be taken in; the message is for whoever sent it. */
export class ImportRefused extends Error {
  override name = 'ImportRefused';
}

/** An uploaded export that was compared with its manifest. */
export interface ImportFile {
  manifest: Manifest;
  /** One file of it as text, at most so many bytes. */
  text(name: string, bytesMax: number): Promise<string>;
  /** One file of it line by line, none longer than that. */
  lines(name: string, lineBytesMax: number): AsyncGenerator<string>;
}

const filesMax = 5_000;
// What a body of 25 MiB takes in base64, compressed a thousand times, must not fill a disk: nothing is written out, but read it is.
const unpackedBytesMax = 16 * 1024 ** 3;
const manifestBytesMax = 4 * 1024 * 1024;

/** Puts the parts together in a temporary file, checks all of it, and lends it. */
export async function withImportFile<Result>(
  store: Store,
  at: { workspaceId: string; transferId: string; signal: AbortSignal },
  work: (file: ImportFile) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-import-'));
  try {
    const file = path.join(folder, 'upload.zip');
    await pipeline(
      Readable.from(readParts(store, at.workspaceId, at.transferId)),
      createWriteStream(file, { mode: 0o600 }),
      {
        signal: at.signal,
      },
    );
    const zip = await openArchive(file);
    try {
      const entries = await listEntries(zip);
      const manifest = await readManifest(zip, entries);
      await compareAll(zip, entries, manifest, at.signal);
      return await work({
        manifest,
        text: async (name, bytesMax) => readText(zip, find(entries, name), bytesMax),
        lines: (name, lineBytesMax) => readLines(zip, find(entries, name), lineBytesMax),
      });
    } finally {
      zip.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const refuse = (why: string): ImportRefused =>
  new ImportRefused(`This file cannot be taken in: ${why}. Nothing was changed.`);

function openArchive(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(
      file,
      { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true },
      (error, zip) => {
        if (error === null || error === undefined) resolve(zip);
        else reject(refuse(`it is not a whole ZIP file (${error.message})`));
      },
    );
  });
}

/** The table of contents. Names lead nowhere, since nothing is written under them, and are refused all the same. */
function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    let unpacked = 0;
    zip.on('error', (error: Error) => reject(refuse(`it is not a whole ZIP file (${error.message})`)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      unpacked += entry.uncompressedSize;
      if (entries.size >= filesMax) return reject(refuse(`it holds more than ${filesMax} files`));
      if (unpacked > unpackedBytesMax) return reject(refuse('unpacked it would be too large'));
      if (entries.has(entry.fileName)) return reject(refuse(`it holds "${entry.fileName}" twice`));
      if (!/^[\w.-]+(\/[\w.-]+)*$/.test(entry.fileName) || entry.fileName.includes('..'))
        return reject(refuse(`it holds a file of the name "${entry.fileName.slice(0, 100)}"`));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function find(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) throw refuse(`it holds no ${name}`);
  return entry;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null || error === undefined) resolve(stream);
      else reject(refuse(`${entry.fileName} cannot be read (${error.message})`));
    });
  });
}

async function* readChunks(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  try {
    yield* (await openEntry(zip, entry)) as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    throw refuse(`${entry.fileName} is damaged (${(error as Error).message})`);
  }
}

async function readText(zip: ZipFile, entry: Entry, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(zip, entry)) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw refuse(`${entry.fileName} is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* readLines(zip: ZipFile, entry: Entry, lineBytesMax: number): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(zip, entry)) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      begun.push(chunk.subarray(from, at));
      yield Buffer.concat(begun).toString('utf8');
      begun = [];
      bytes = 0;
      from = at + 1;
    }
    bytes += chunk.length - from;
    if (bytes > lineBytesMax) throw refuse(`${entry.fileName} holds a line of more than ${lineBytesMax} bytes`);
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

async function readManifest(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<Manifest> {
  const text = await readText(zip, find(entries, 'manifest.json'), manifestBytesMax);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('its manifest is no JSON');
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== 'devpulse-export') throw refuse('it is no export of DevPulse');
  if (version !== 1)
    throw refuse(`it is in version ${String(version).slice(0, 20)} of the format, and this DevPulse reads version 1`);
  const read = manifestSchema.safeParse(value);
  if (!read.success) throw refuse(`its manifest is not as documented (${read.error.issues[0]?.path.join('.') ?? ''})`);
  return read.data;
}

/** Reads every file once and compares its size and checksum with the manifest: what was changed by hand is not taken in. */
async function compareAll(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set([...manifest.files.map((file) => file.path), 'manifest.json', 'README.txt']);
  const surplus = [...entries.keys()].find((name) => !known.has(name));
  if (surplus !== undefined) throw refuse(`it holds ${surplus}, of which its manifest says nothing`);
  for (const file of manifest.files) {
    signal.throwIfAborted();
    const entry = find(entries, file.path);
    if (entry.uncompressedSize !== file.bytes) throw refuse(`${file.path} has another size than its manifest says`);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of readChunks(zip, entry)) {
      bytes += chunk.length;
      if (bytes > file.bytes) throw refuse(`${file.path} is larger than its manifest says`);
      hash.update(chunk);
    }
    if (bytes !== file.bytes || hash.digest('hex') !== file.sha256)
      throw refuse(`${file.path} is not as it was exported; its checksum differs`);
  }
}
