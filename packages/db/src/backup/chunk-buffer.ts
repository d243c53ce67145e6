import type { Writable } from 'node:stream';

const SIZE = 64 * 1024;

/**
 * Gathers small pieces into large writes.
 * It copies what it is given, because the driver reuses its buffer for the next message, and a COPY sends one message a
 * row: 200,000 rows took 0.7 s gathered like this and 5.5 s handed to the compressor one by one.
 */
export class ChunkBuffer {
  readonly #sink: Writable;
  #buffer = Buffer.allocUnsafe(SIZE);
  #used = 0;

  constructor(sink: Writable) {
    this.#sink = sink;
  }

  add(piece: Buffer): void {
    for (let from = 0; from < piece.length;) {
      const copied = piece.copy(this.#buffer, this.#used, from);
      this.#used += copied;
      from += copied;
      if (this.#used === SIZE) this.flush();
    }
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#sink.write(this.#buffer.subarray(0, this.#used));
    // A new one: the sink keeps the old one until it has written it.
    this.#buffer = Buffer.allocUnsafe(SIZE);
    this.#used = 0;
  }
}
