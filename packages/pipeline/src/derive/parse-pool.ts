import { Worker } from 'node:worker_threads';
import type { FailReason } from '@devpulse/contract/drop-reasons';
import type { RawEvent } from '@devpulse/contract/raw-event';
import type { ParsedBatch } from './fact-rows.ts';
import type { ParseRequest } from './parse-worker.ts';

/** Parsing stopped from outside: it looped, or it ate the memory it was given. */
export class ParseStopped extends Error {
  override name = 'ParseStopped';
  readonly reason: FailReason;

  constructor(reason: FailReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface ParsePoolOptions {
  /** Address of the module that exports `connectors`. */
  registry: string;
  batchTimeoutMs?: number;
  heapMegabytes?: number;
}

/**
 * Reads raw events in a thread of its own: an event that makes its parser loop or allocate without end costs one thread,
 * never the server.
 */
export class ParsePool {
  readonly #options: ParsePoolOptions;
  #worker: Worker | undefined;
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

  async #parseNow(workspaceId: string, events: readonly RawEvent[]): Promise<ParsedBatch> {
    const worker = this.#worker ?? this.#start();
    const plain = events.map(({ source, key, kind, body }) => ({ source, key, kind, body }));
    const answer = new Promise<ParsedBatch>((resolve, reject) => {
      const timeoutMs = this.#options.batchTimeoutMs ?? 10_000;
      const timer = setTimeout(
        () => reject(new ParseStopped('parse_timeout', `stopped after ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        worker.removeAllListeners('message');
        finish();
      };
      worker.once('message', (batch: ParsedBatch) => settle(() => resolve(batch)));
      worker.once('error', (error: NodeJS.ErrnoException) => settle(() => reject(toStopped(error))));
      worker.once('exit', (code) =>
        settle(() => reject(new ParseStopped('parse_crashed', `the parsing thread ended with code ${code}`))),
      );
    });
    worker.postMessage({ workspaceId, events: plain } satisfies ParseRequest);
    try {
      return await answer;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      worker.removeAllListeners('error');
      worker.removeAllListeners('exit');
      // Without a listener, an error event of the thread would end the process.
      worker.on('error', () => undefined);
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      workerData: { registry: this.#options.registry },
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMegabytes ?? 512 },
    });
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function toStopped(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new ParseStopped('parse_memory', 'more memory than one batch may have');
  return new ParseStopped('parse_crashed', error.stack ?? error.message);
}
