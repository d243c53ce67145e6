import type { Store } from '@devpulse/db/open-store';
import type { Logger } from '../log.ts';
import { type Occurrence, writeFaults } from './write-faults.ts';

const waitingMax = 300;
const rowsPerWrite = 50;
const tryAgainMs = 5_000;
const flushMs = 1_000;

/** Writes occurrences behind everybody's back, batch after batch; what the store does not take now is tried again. */
export class FaultWriter {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #waiting: Occurrence[] = [];
  #writing: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: { store: Store; log: Logger }) {
    this.#store = options.store;
    this.#log = options.log;
  }

  add(occurrence: Occurrence): void {
    this.#waiting.push(occurrence);
    if (this.#waiting.length > waitingMax) this.#tellLost(this.#waiting.splice(0, 1));
    // While the store is away, the next try has its own time.
    if (this.#retry === null) void this.#write();
  }

  /** Writes what waits now, for a moment at most; the rest is given up and told to the log. */
  async flush(): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, flushMs);
    await Promise.race([this.#write(), patience.promise]);
    clearTimeout(timer);
    this.#stopRetry();
    if (this.#waiting.length > 0) this.#tellLost(this.#waiting.splice(0));
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, rowsPerWrite);
      try {
        await writeFaults(this.#store, batch);
      } catch (error) {
        if (!isRefused(error)) {
          this.#stepBack(error);
          return;
        }
        this.#tellLost(batch, error);
      }
      if (this.#retry !== null) this.#log.info('faults are recorded again');
      this.#stopRetry();
      for (const each of batch) this.#forget(each);
    }
  }

  /** The oldest may have been given up while it was being written. */
  #forget(occurrence: Occurrence): void {
    const index = this.#waiting.indexOf(occurrence);
    if (index !== -1) this.#waiting.splice(index, 1);
  }

  #stepBack(error: unknown): void {
    if (this.#retry === null) {
      const faults = this.#waiting.map(inShort);
      this.#log.warn({ err: error, faults }, 'faults cannot be recorded now; they are in the log, and tried again');
    }
    this.#stopRetry();
    this.#retry = setTimeout(() => void this.#write(), tryAgainMs).unref();
  }

  #stopRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #tellLost(lost: readonly Occurrence[], error?: unknown): void {
    this.#log.warn({ err: error, faults: lost.map(inShort) }, 'faults are in the log only');
  }
}

/** A text that the store refuses is refused again; anything else may be better in a while. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(22|54)/.test(String(error.code));
}

function inShort({ fault, origin, requestId, message, unwritten }: Occurrence): object {
  const { errorClass, code, place } = fault;
  return { errorClass, code, place, origin, requestId, message, unwritten };
}
