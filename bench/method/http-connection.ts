import { connect, type Socket } from 'node:net';

/** What came back on a connection. */
export interface Answer {
  status: number;
  body: string;
}

/**
 * One keep-alive connection with one request under way at a time. Written by hand because the client shares the
 * processors with what it measures: Node's own client costs several times as much for each request.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #done: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#take(piece));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** Connects to a port of this machine. */
  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** Sends a whole request and waits for its whole answer. */
  send(request: Buffer): Promise<Answer> {
    if (this.#done !== undefined) throw new Error('a request is under way on this connection');
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      if (this.#socket.destroyed) this.#fail(new Error('the connection was closed'));
      else this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const answer = readAnswer(bytes);
    if (answer === null) {
      this.#pieces = [bytes];
      return;
    }
    this.#pieces = [];
    const done = this.#done;
    this.#done = undefined;
    done?.resolve(answer);
  }

  #fail(error: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.reject(error);
  }
}

/** The answer in these bytes, or null while some of it is missing. */
export function readAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const stop = end + 4 + Number(length);
    return bytes.length < stop ? null : { status, body: bytes.toString('utf8', end + 4, stop) };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    return bytes.toString('latin1', bytes.length - 5) === '0\r\n\r\n'
      ? { status, body: bytes.toString('utf8', end + 4) }
      : null;
  }
  return { status, body: '' };
}
