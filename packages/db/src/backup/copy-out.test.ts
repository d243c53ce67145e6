import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openClient } from '../connection.ts';
import { createTestDatabase } from '../testing/test-server.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { copyOut } from './copy-out.ts';

async function connect(): ReturnType<typeof openClient> {
  const { logins, drop } = await createTestDatabase({ empty: true });
  const client = await openClient(logins.owner, 'tests', () => undefined);
  onTestFinished(async () => {
    await client.end();
    await drop();
  });
  return client;
}

const LARGE = "copy (select repeat('x', 1000) from generate_series(1, 20000)) to stdout";

describe('copyOut', () => {
  it('lets the server wait while the sink is slow, and loses nothing', async () => {
    const client = await connect();
    let bytes = 0;
    let piled = 0;
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        setTimeout(done, 1);
      },
    });
    const out = new ChunkBuffer(sink);
    await copyOut(client, LARGE, sink, (chunk) => {
      out.add(chunk);
      piled = Math.max(piled, sink.writableLength);
    });
    out.flush();
    await new Promise<void>((resolve) => sink.end(resolve));
    expect(bytes).toBe(20_000 * 1001);
    // A few reads of the socket, where the whole answer is 20 MB.
    expect(piled).toBeLessThan(1024 * 1024);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('fails instead of waiting for ever when the sink fails', async () => {
    const client = await connect();
    const sink = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    sink.on('error', () => undefined);
    const out = new ChunkBuffer(sink);
    await expect(copyOut(client, LARGE, sink, (chunk) => out.add(chunk))).rejects.toThrow(
      /cannot be written|terminated/,
    );
    await expect(copyOut(client, LARGE, sink, () => undefined)).rejects.toThrow(/cannot be written/);
  });
});
