import { statfs } from 'node:fs/promises';
import { AppError } from '@devpulse/contract/errors';

/** Keeps an eye on the room left where the embedded store lives. */
export interface DiskWatch {
  /** Throws when so little room is left that what we would acknowledge might not be stored. */
  admit(): void;
  freeBytes(): number | null;
  stop(): void;
}

// PostgreSQL needs room for its log while it finishes what it has begun; at zero it stops for good.
const defaultReserveBytes = 64 * 1024 * 1024;
const everyMs = 1000;

/** Watches the disk of a folder; without the first look nothing is admitted on trust. */
export async function watchDisk(folder: string, options: { reserveBytes?: number } = {}): Promise<DiskWatch> {
  const reserveBytes = options.reserveBytes ?? defaultReserveBytes;
  let free: number | null = null;
  const look = async (): Promise<void> => {
    try {
      const disk = await statfs(folder);
      free = disk.bavail * disk.bsize;
    } catch {
      // Not every file system answers; then the store's own refusal has to do.
      free = null;
    }
  };
  await look();
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    admit: () => {
      if (free !== null && free < reserveBytes)
        throw new AppError('store_full', 'too little room is left on the disk of the data folder');
    },
    freeBytes: () => free,
    stop: () => clearInterval(timer),
  };
}
