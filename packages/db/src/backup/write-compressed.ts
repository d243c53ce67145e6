import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

interface Target {
  file: string;
  /** What the compressed bytes pass on their way. */
  through?: Transform;
  /** Whether a partial file of before, which nobody writes any more, is written over. */
  over: boolean;
  /** Done with the file before it gets its name. */
  finish?: (partial: string) => Promise<void>;
}

/** Writes a file of what `fill` gives, compressed. It bears its name when, and only when, all of it is on the disk. */
export async function writeCompressed(target: Target, fill: (sink: Writable) => Promise<void>): Promise<void> {
  const partial = `${target.file}.partial`;
  try {
    const gzip = createGzip();
    const sink = createWriteStream(partial, { mode: 0o600, flags: target.over ? 'w' : 'wx', flush: true });
    const written = pipeline(gzip, target.through ?? new PassThrough(), sink);
    // Both are waited for: the file's own fault (a full disk) says more than that of the source it interrupts.
    const [end, source] = await Promise.allSettled([written, fillAndEnd(gzip, fill)]);
    for (const outcome of [end, source]) if (outcome.status === 'rejected') throw outcome.reason;
    await target.finish?.(partial);
    await rename(partial, target.file);
    await syncFolder(path.dirname(target.file));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function fillAndEnd(gzip: Writable, fill: (sink: Writable) => Promise<void>): Promise<void> {
  try {
    await fill(gzip);
    gzip.end();
  } catch (error) {
    gzip.destroy(error as Error);
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
