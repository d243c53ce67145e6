import type { PullContext } from '@devpulse/contract/connector';
import type { RawEventInput } from '@devpulse/contract/raw-event';

const eventsMax = 500;
const bytesMax = 4 * 1024 * 1024;

/**
 * Gathers events into batches. While the host stores one batch the next is read, so that git and the store work at the
 * same time; never more than one is under way, and nothing is read beyond the next.
 */
export class CaptureBatches {
  readonly #context: PullContext;
  readonly #onStored: (count: number) => void;
  #events: RawEventInput[] = [];
  #bytes = 0;
  #underWay: Promise<void> = Promise.resolve();

  constructor(context: PullContext, onStored: (count: number) => void = () => undefined) {
    this.#context = context;
    this.#onStored = onStored;
  }

  async add(event: RawEventInput): Promise<void> {
    this.#events.push(event);
    this.#bytes += event.body.length;
    if (this.#events.length >= eventsMax || this.#bytes >= bytesMax) await this.#send();
  }

  /** Resolves when everything that was added is stored. */
  async flush(): Promise<void> {
    await this.#send();
    await this.#underWay;
  }

  /** After a failure elsewhere: waits until the host is no longer at work, whatever comes of it. */
  async settle(): Promise<void> {
    await Promise.allSettled([this.#underWay]);
  }

  async #send(): Promise<void> {
    await this.#underWay;
    if (this.#events.length === 0) return;
    this.#context.signal.throwIfAborted();
    const batch = this.#events;
    this.#events = [];
    this.#bytes = 0;
    this.#underWay = this.#context.capture(batch).then(() => this.#onStored(batch.length));
    // It is awaited with the next batch; until then nobody listens.
    this.#underWay.catch(() => undefined);
  }
}
