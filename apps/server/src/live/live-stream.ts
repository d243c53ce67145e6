import type { ServerResponse } from 'node:http';
import type { LiveChange, LiveClosing } from '@devpulse/contract/wire/live';
import { mergeChanges } from './merge-changes.ts';

// The browser's own pause before it connects again; its default of some seconds is longer than most restarts.
const retryMs = 1_000;
const elsewhereRetryMs = 60_000;

/**
 * One client that listens. What comes faster than it is told, or than it reads, is merged into one change: at most one event
 * waits here and one buffer's worth in the socket, however slow the reader.
 */
export class LiveStream {
  readonly #response: ServerResponse;
  readonly #gapMs: number;
  #waiting: { change: LiveChange; cursor: string } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #sentAt = 0;

  constructor(response: ServerResponse, gapMs: number) {
    this.#response = response;
    this.#gapMs = gapMs;
    response.on('drain', () => this.#plan());
    response.on('close', () => this.#drop());
  }

  /** How many bytes wait to be taken by the network. */
  get buffered(): number {
    return this.#response.writableLength;
  }

  /** Answers, and says from where on it listens: a client to which nothing happens can come back to that place, too. */
  begin(headers: Record<string, string>, cursor: string | null): void {
    this.#response.writeHead(200, headers);
    this.#response.write(`retry: ${retryMs}\n${cursor === null ? '' : `id: ${cursor}\n`}\n`);
  }

  tell(change: LiveChange, cursor: string): void {
    const merged = this.#waiting === null ? change : mergeChanges(this.#waiting.change, change);
    this.#waiting = { change: merged, cursor };
    this.#plan();
  }

  /** Shows proxies and time-outs that somebody is there. */
  beat(): void {
    if (this.#isOpen() && !this.#response.writableNeedDrain) this.#response.write(': \n\n');
  }

  /** Says why, and ends. */
  close(reason: LiveClosing['reason']): void {
    this.#drop();
    if (!this.#isOpen()) return;
    // Each of too many tabs would otherwise push out the next one every second, for ever.
    const pause = reason === 'elsewhere' ? `retry: ${elsewhereRetryMs}\n` : '';
    this.#response.end(`${pause}event: closing\ndata: ${JSON.stringify({ reason } satisfies LiveClosing)}\n\n`);
    // Whoever does not read will not read this either.
    if (this.#response.writableNeedDrain) this.#response.destroy();
  }

  #plan(): void {
    if (this.#waiting === null || this.#timer !== null || this.#response.writableNeedDrain) return;
    const wait = this.#sentAt + this.#gapMs - Date.now();
    if (wait <= 0) {
      this.#send();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send();
    }, wait);
  }

  #send(): void {
    const told = this.#waiting;
    if (told === null || !this.#isOpen() || this.#response.writableNeedDrain) return;
    this.#waiting = null;
    this.#sentAt = Date.now();
    this.#response.write(`id: ${told.cursor}\nevent: changed\ndata: ${JSON.stringify(told.change)}\n\n`);
  }

  #isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }
}
