import type { RawEvent } from '@devpulse/contract/raw-event';
import type { ParsedBatch, ParseOutcome } from './fact-rows.ts';
import { ParseStopped, ParseThread } from './parse-thread.ts';

export interface ParsePoolOptions {
  /** Address of the module that exports `connectors`. */
  registry: string;
  /** How much of the processor one event may use beside others before the thread leaves it and reads on; large bodies get more. */
  setAsideMs?: number;
  batchTimeoutMs?: number;
  /** How long one event may take beside others before its thread is stopped; large bodies get more. Left out: as long as its batch. */
  eventTimeoutMs?: number;
  heapMegabytes?: number;
  /** What an event may hold outside the heap, as buffers do. */
  bufferMegabytes?: number;
  /** Leaves the processor to the others where they want it. */
  isPatient?: boolean;
}

// Loading the connectors takes a thread a quarter of a second. Where one event went wrong, the next one is often near.
const spareKeptMs = 30_000;
const lost: ParseOutcome = { failed: 'parse_crashed', detail: 'no outcome' };

/**
 * Reads raw events in a thread of its own: an event that makes its parser loop or allocate without end costs one thread,
 * never the server.
 */
export class ParsePool {
  readonly #options: ParsePoolOptions;
  #thread: ParseThread | undefined;
  /** Ready to take over, for a while after a thread had to be stopped. */
  #spare: ParseThread | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ParsePoolOptions) {
    this.#options = options;
  }

  /** Parses a batch; batches of one pool run one after another. Throws `ParseStopped` when the thread had to be stopped. */
  parse(workspaceId: string, events: readonly RawEvent[]): Promise<ParsedBatch> {
    const run = this.#queue.then(() => this.#parseNow(workspaceId, events));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /**
   * The same, but around those that stop the thread: each of them fails by itself, the others are read. Throws only when it
   * cannot be told which one it was, or when more than `most` do.
   */
  async parseAround(workspaceId: string, events: readonly RawEvent[], most = Infinity): Promise<ParsedBatch> {
    const outcomes = events.map(() => lost);
    let stops = 0;
    let left = events.map((event, index) => ({ event, index }));
    for (;;) {
      try {
        const batch = await this.parse(
          workspaceId,
          left.map(({ event }) => event),
        );
        for (const [place, { index }] of left.entries()) outcomes[index] = batch.outcomes[place] ?? lost;
        return { ...batch, outcomes };
      } catch (error) {
        const culprit = error instanceof ParseStopped && error.index !== null ? left[error.index] : undefined;
        stops += 1;
        if (!(error instanceof ParseStopped) || culprit === undefined || stops > most) throw error;
        outcomes[culprit.index] = { failed: error.reason, detail: error.message };
        left = left.filter((each) => each !== culprit);
      }
    }
  }

  async #parseNow(workspaceId: string, events: readonly RawEvent[]): Promise<ParsedBatch> {
    const thread = this.#thread ?? this.#takeSpare() ?? new ParseThread(this.#options);
    this.#thread = thread;
    try {
      return await thread.parse(workspaceId, events);
    } catch (error) {
      if (this.#thread === thread) {
        this.#thread = this.#takeSpare() ?? new ParseThread(this.#options);
        this.#keepSpare();
      }
      await thread.close();
      throw error;
    }
  }

  #takeSpare(): ParseThread | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }

  #keepSpare(): void {
    this.#spare ??= new ParseThread(this.#options);
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => void this.#takeSpare()?.close(), spareKeptMs).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#spareTimer);
    const thread = this.#thread;
    this.#thread = undefined;
    await Promise.all([thread?.close(), this.#takeSpare()?.close()]);
  }
}
