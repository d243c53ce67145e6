import type { Duplex, Writable } from 'node:stream';
import type pg from 'pg';

/** The half of the driver's connection that COPY needs and its types leave out. */
interface Wire {
  stream: Duplex;
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  off(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
}

/**
 * Runs a statement that answers with COPY data and hands every message to `take`, which writes to `sink`.
 * The driver knows no back-pressure for COPY: while the sink is full, the socket is paused here, or a large table would
 * pile up in memory. Messages that were read already still come, so `take` must not mind being called once more.
 */
export async function copyOut(
  client: pg.Client,
  statement: string,
  sink: Writable,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const wire = (client as unknown as { connection: Wire }).connection;
  const onData = ({ chunk }: { chunk: Buffer }): void => {
    take(chunk);
    if (sink.writableNeedDrain) wire.stream.pause();
  };
  const onDrain = (): void => void wire.stream.resume();
  // A sink that failed will never drain; without this the statement would wait for ever.
  const onClose = (): void => void wire.stream.destroy(new Error('The backup file cannot be written any further.'));
  wire.on('copyData', onData);
  sink.on('drain', onDrain);
  sink.once('close', onClose);
  try {
    if (sink.destroyed) throw new Error('The backup file cannot be written any further.');
    await client.query(statement);
  } finally {
    wire.off('copyData', onData);
    sink.off('drain', onDrain);
    sink.off('close', onClose);
    // The last rows may have filled the sink; the answer to the next statement must come through all the same.
    wire.stream.resume();
  }
}
