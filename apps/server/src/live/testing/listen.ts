import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { LiveChange, LiveClosing } from '@devpulse/contract/wire/live';

/** One thing a stream said. */
export interface Said {
  event: string;
  id: string | null;
  data: LiveChange & LiveClosing;
}

/** A client of the live channel that reads as a browser does. */
export interface Ear {
  status: number;
  headers: IncomingMessage['headers'];
  /** The whole body of an answer that is no stream. */
  body(): Promise<string>;
  /** The next event; those that came before it was asked for are kept. */
  next(): Promise<Said>;
  /** What was said and not taken yet. */
  waiting(): Said[];
  /** The last `id` that was seen. */
  cursor(): string;
  comments(): number;
  /** Resolves when the server ends it. */
  ended: Promise<void>;
  /** No byte is taken from the network until it is called with false. */
  hold(isHeld: boolean): void;
  close(): void;
}

/** Connects and resolves when the stream has begun, or with the head of any other answer. */
export async function listen(
  base: string,
  options: { token?: string; headers?: Record<string, string>; query?: string } = {},
): Promise<Ear> {
  const { token, headers = {}, query = '' } = options;
  const asked = request(`${base}/api/v1/live${query}`, {
    agent: false,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const ear = new HttpEar(asked, answer);
  if (ear.status === 200) await ear.begun;
  return ear;
}

class HttpEar implements Ear {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly ended: Promise<void>;
  /** Resolves with the first block, which says from where on it is listened. */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;
  readonly #asked: ClientRequest;
  readonly #answer: IncomingMessage;
  readonly #said: Said[] = [];
  #wake: () => void = () => undefined;
  #text = '';
  #all = '';
  #cursor = '';
  #comments = 0;

  constructor(asked: ClientRequest, answer: IncomingMessage) {
    this.#asked = asked;
    this.#answer = answer;
    this.status = answer.statusCode ?? 0;
    this.headers = answer.headers;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.ended = new Promise((resolve) => answer.on('close', () => resolve()));
    asked.on('error', () => undefined);
    answer.on('error', () => undefined);
    answer.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  async body(): Promise<string> {
    await this.ended;
    return this.#all;
  }

  async next(): Promise<Said> {
    for (;;) {
      const said = this.#said.shift();
      if (said !== undefined) return said;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  waiting(): Said[] {
    return this.#said;
  }

  cursor(): string {
    return this.#cursor;
  }

  comments(): number {
    return this.#comments;
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#answer.pause();
    else this.#answer.resume();
  }

  close(): void {
    this.#asked.destroy();
  }

  #hear(text: string): void {
    this.#all += text;
    const blocks = (this.#text + text).split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) this.#take(block);
  }

  #take(block: string): void {
    this.#begin();
    const fields = new Map(
      block.split('\n').map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
    );
    if (fields.has('')) this.#comments += 1;
    const id = fields.get('id') ?? null;
    if (id !== null) this.#cursor = id;
    const data = fields.get('data');
    if (data === undefined) return;
    this.#said.push({ event: fields.get('event') ?? 'message', id, data: JSON.parse(data) as Said['data'] });
    this.#wake();
  }
}
