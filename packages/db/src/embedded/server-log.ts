import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';

const BYTES_MAX = 10 * 1024 * 1024;
const LOOK_EVERY_MS = 10 * 60 * 1000;

/** PostgreSQL's log file. It is written through a file descriptor: a pipe would end with this process and take the log along. */
export interface ServerLog {
  path: string;
  /** Opens the file for a child; the caller closes it after the spawn. */
  open(): number;
  /** The last lines, for the message of a failed start. */
  readEnd(): string;
  /** Ends the watch over its size. */
  close(): void;
}

/** Opens the log in the data folder, sets a large one aside and keeps it from growing without bound. */
export function openServerLog(
  dataDir: string,
  handOver: (path: string) => void,
  bytesMax: number = BYTES_MAX,
): ServerLog {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  handOver(folder);
  const path = join(folder, 'postgres.log');
  const old = join(folder, 'postgres.1.log');
  if (sizeOf(path) > bytesMax) renameSync(path, old);
  const watch = setInterval(() => {
    if (sizeOf(path) <= bytesMax) return;
    // Copied and cut instead of renamed, because PostgreSQL keeps writing to the same descriptor, always at the end.
    copyFileSync(path, old);
    truncateSync(path);
  }, LOOK_EVERY_MS).unref();
  return {
    path,
    open: () => {
      const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
      // O_NOFOLLOW: root must not be led elsewhere by a link. Windows does not have the flag.
      const handle = openSync(path, O_WRONLY | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0), 0o600);
      chmodSync(path, 0o600);
      handOver(path);
      return handle;
    },
    readEnd: () => readEnd(path),
    close: () => clearInterval(watch),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readEnd(path: string): string {
  if (sizeOf(path) === 0) return '';
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    const piece = Buffer.alloc(Math.min(size, 2048));
    readSync(handle, piece, 0, piece.length, size - piece.length);
    return piece.toString('utf8').trim().split('\n').slice(-5).join('\n');
  } finally {
    closeSync(handle);
  }
}
