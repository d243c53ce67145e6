import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** The half of the driver's connection that COPY needs and its types leave out. */
interface Wire {
  stream: Duplex;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

/** Runs `copy … from stdin` and feeds it; while the socket is full, the source waits. */
export async function copyIn(client: pg.Client, statement: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  let isOver = false;
  let fault: unknown = null;
  const feed = async (wire: Wire): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        if (isOver) return;
        wire.sendCopyFromChunk(chunk);
        if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
      }
      wire.endCopyFrom();
    } catch (error) {
      fault = error;
      wire.sendCopyFail('the source failed');
    }
  };
  const query = new pg.Query(statement) as pg.Query & { callback: (error: Error | null) => void };
  await new Promise<void>((resolve, reject) => {
    Object.assign(query, { handleCopyInResponse: (wire: Wire) => void feed(wire) });
    query.callback = (error) => {
      isOver = true;
      if (error === null || error === undefined) resolve();
      else reject((fault as Error | null) ?? error);
    };
    client.query(query);
  });
}
