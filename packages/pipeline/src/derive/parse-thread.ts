import { Worker } from 'node:worker_threads';
import type { FailReason } from '@devpulse/contract/drop-reasons';
import type { RawEvent } from '@devpulse/contract/raw-event';
import type { ParsedBatch } from './fact-rows.ts';
import { msPerMegabyte } from './parse-patience.ts';
import type { ParseRequest, ParseWorkerData } from './parse-worker.ts';

/** Parsing stopped from outside: it looped, or it ate the memory it was given. */
export class ParseStopped extends Error {
  override name = 'ParseStopped';
  readonly reason: FailReason;
  /** Which event of the batch it was, where that is known. */
  readonly index: number | null;

  constructor(reason: FailReason, message: string, index: number | null = null) {
    super(message);
    this.reason = reason;
    this.index = index;
  }
}

export interface ParseLimits {
  registry: string;
  setAsideMs?: number;
  batchTimeoutMs?: number;
  eventTimeoutMs?: number;
  heapMegabytes?: number;
  bufferMegabytes?: number;
  /** Leaves the processor to the others where they want it. */
  isPatient?: boolean;
}

const megabyte = 1024 * 1024;
// How often somebody looks whether the thread still gets on.
const tickMs = 25;

/** One thread that reads batches, one after another, and can be stopped in the middle of any. */
export class ParseThread {
  readonly #limits: ParseLimits;
  readonly #progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  readonly #worker: Worker;
  /** Why there is no thread any more. */
  #end: ParseStopped | undefined;
  /** How often in a row the same event was found being read. */
  #looks = 0;
  #isLooking = false;

  constructor(limits: ParseLimits) {
    this.#limits = limits;
    this.#worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      workerData: {
        registry: limits.registry,
        ...(limits.setAsideMs === undefined ? {} : { setAsideMs: limits.setAsideMs }),
        isPatient: limits.isPatient === true,
        progress: this.#progress,
      } satisfies ParseWorkerData,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes ?? 512 },
    });
    // Without a listener, an error event of the thread would end the process. A thread that waits may end as well.
    this.#worker.on('error', (error) => (this.#end ??= toStopped(error, this.#readIndex())));
    this.#worker.on(
      'exit',
      (code) =>
        (this.#end ??= new ParseStopped(
          'parse_crashed',
          `the parsing thread ended with code ${code}`,
          this.#readIndex(),
        )),
    );
    this.#worker.unref();
  }

  async parse(workspaceId: string, events: readonly RawEvent[]): Promise<ParsedBatch> {
    if (this.#end !== undefined) throw this.#end;
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<ParsedBatch>();
    const stop = (reason: FailReason, message: string, index = this.#readIndex()): void =>
      reject(new ParseStopped(reason, message, index));
    const onEnd = (): void => reject(this.#end);
    const onMessage = (message: ParsedBatch | object): void => {
      // Under `node --watch` Node itself writes into this port which files the thread has loaded.
      if ('outcomes' in message) resolve(message);
    };
    worker.on('message', onMessage).once('error', onEnd).once('exit', onEnd);
    const watch = setInterval(this.#makeLook(events, stop), tickMs);
    const timeoutMs = this.#limits.batchTimeoutMs ?? 10_000;
    // A machine that is slow as a whole must not blame the event that happens to be its turn.
    const timer = setTimeout(() => {
      const culprit = this.#looks * tickMs > timeoutMs / 2 ? this.#readIndex() : null;
      stop('parse_timeout', `stopped after ${timeoutMs / 1000} s`, culprit);
    }, timeoutMs);
    const plain = events.map(({ source, key, kind, body }) => ({ source, key, kind, body }));
    worker.postMessage({ workspaceId, events: plain } satisfies ParseRequest);
    try {
      return await promise;
    } finally {
      clearInterval(watch);
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /**
   * Looks whether the same event is still being read, and what it holds. Looks are counted, not time: a process that stood
   * still must not blame its thread.
   */
  #makeLook(events: readonly RawEvent[], stop: (reason: FailReason, message: string) => void): () => void {
    const { eventTimeoutMs = Infinity } = this.#limits;
    let last: number | null = null;
    this.#looks = 0;
    return () => {
      const index = this.#readIndex();
      this.#looks = index !== null && index === last ? this.#looks + 1 : 0;
      last = index;
      if (index === null || this.#looks === 0) return;
      const patienceMs = eventTimeoutMs + ((events[index]?.body.length ?? 0) / megabyte) * msPerMegabyte;
      if (this.#looks * tickMs >= patienceMs)
        stop('parse_timeout', `stopped after ${Math.round(patienceMs)} ms beside others`);
      void this.#lookAtBuffers(stop);
    };
  }

  /** The limit of the heap does not count buffers; the thread tells what it holds even while it loops. */
  async #lookAtBuffers(stop: (reason: FailReason, message: string) => void): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { external_memory: bytes } = await this.#worker.getHeapStatistics();
      if (bytes > (this.#limits.bufferMegabytes ?? 512) * megabyte)
        stop('parse_memory', 'more buffers than one event may have');
    } catch {
      // It ended meanwhile; whoever waits for it hears that anyway.
    }
    this.#isLooking = false;
  }

  #readIndex(): number | null {
    const index = Atomics.load(this.#progress, 0);
    return index < 0 ? null : index;
  }
}

function toStopped(error: NodeJS.ErrnoException, index: number | null): ParseStopped {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new ParseStopped('parse_memory', 'more memory than one batch may have', index);
  return new ParseStopped('parse_crashed', error.stack ?? error.message, index);
}
