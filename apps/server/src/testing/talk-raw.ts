import { connect, type Socket } from 'node:net';

/** What came back on a bare socket. */
export interface RawAnswer {
  /** Every status line that came, in order. */
  statuses: number[];
  text: string;
}

/**
 * Speaks to a port byte by byte: sends the pieces one after the other, then listens until the other side closes, or until
 * `answers` whole status lines came.
 */
export async function talkRaw(
  port: number,
  pieces: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
  until: { answers?: number } = {},
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const read = (): RawAnswer => {
    const text = Buffer.concat(chunks).toString('latin1');
    return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])) };
  };
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (until.answers !== undefined && read().statuses.length >= until.answers) resolve();
    });
  });
  const sent = (async () => {
    for await (const piece of pieces) {
      if (socket.destroyed) return;
      if (!socket.write(piece)) await drained(socket);
    }
  })();
  await Promise.all([sent, closed]);
  socket.destroy();
  return read();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
