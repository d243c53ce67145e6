import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventLimits } from '@devpulse/contract/raw-event';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { talkRaw } from '../testing/talk-raw.ts';
import { registerIngestRoutes } from './routes.ts';

const limit = eventLimits.bodyBytes;

let api: TestApi;
let port: number;
let url: string;
let token: string;

beforeAll(async () => {
  api = await openTestApi({
    areas: [registerIngestRoutes],
    limits: { requestMs: 4_000, headersMs: 2_000, checkMs: 200 },
  });
  ({ port, url } = await api.listen());
  token = await api.tokenFor(['events']);
});
afterAll(() => api.close());

/** An item whose JSON has exactly so many bytes. */
function itemOf(bytes: number, key: string): string {
  const frame = JSON.stringify({ source: 'plain', key, kind: 'facts', payload: '' });
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
}

function head(...headers: string[]): string {
  return [
    'POST /api/v1/events HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n');
}

function* chunked(body: string | Buffer): Generator<string | Buffer> {
  yield head('transfer-encoding: chunked');
  const bytes = Buffer.from(body as string);
  for (let at = 0; at < bytes.length; at += 1_000_000) {
    const piece = bytes.subarray(at, at + 1_000_000);
    yield `${piece.length.toString(16)}\r\n`;
    yield piece;
    yield '\r\n';
  }
  yield '0\r\n\r\n';
}

async function isStored(key: string): Promise<boolean> {
  const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
    sql`select 1 from raw_events where item_key = ${key}`.execute(trx),
  );
  return rows.length === 1;
}

describe('the size of a body', () => {
  it('may be the limit to the byte, said beforehand or in chunks', async () => {
    const [declared, inChunks] = [itemOf(limit, 'declared'), itemOf(limit, 'in chunks')];
    expect((await talkRaw(port, [head(`content-length: ${limit}`), declared], { answers: 1 })).statuses).toEqual([202]);
    expect((await talkRaw(port, chunked(inChunks), { answers: 1 })).statuses).toEqual([202]);
    expect([await isStored('declared'), await isStored('in chunks')]).toEqual([true, true]);
  });

  it('may not be one byte more, and the answer arrives although the sender does not stop to listen', async () => {
    const body = itemOf(limit + 1, 'too large');
    for (const pieces of [[head(`content-length: ${limit + 1}`), body], chunked(body)]) {
      const answer = await talkRaw(port, pieces, { answers: 1 });
      expect(answer.statuses).toEqual([413]);
      expect(answer.text).toContain('"code":"body_too_large"');
    }
    const response = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    expect(response.status).toBe(413);
    expect(await isStored('too large')).toBe(false);
  });

  it('leaves the connection fit for the next request after a refusal', async () => {
    const next = `GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    const answer = await talkRaw(port, [head(`content-length: ${limit + 1}`), itemOf(limit + 1, 'x'), next]);
    expect(answer.statuses).toEqual([413, 404]);
  });

  it('may not grow beyond the limit when unpacked: a bomb is put out early', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const answer = await talkRaw(port, [head('content-encoding: gzip', `content-length: ${bomb.length}`), bomb], {
      answers: 1,
    });
    expect(answer.statuses).toEqual([413]);
    const exact = gzipSync(itemOf(limit, 'unpacked'));
    expect(
      (await talkRaw(port, [head('content-encoding: gzip', `content-length: ${exact.length}`), exact], { answers: 1 }))
        .statuses,
    ).toEqual([202]);
  });

  it('may not be endless without ever saying anything', async () => {
    const nothing = gzipSync(Buffer.alloc(0));
    const many = Buffer.concat(Array.from({ length: 50_000 }, () => nothing));
    function* endless(): Generator<string | Buffer> {
      yield head('content-encoding: gzip', 'transfer-encoding: chunked');
      for (let round = 0; round < 60; round += 1) {
        yield `${many.length.toString(16)}\r\n`;
        yield many;
        yield '\r\n';
      }
    }
    expect((await talkRaw(port, endless(), { answers: 1 })).statuses).toEqual([413]);
  });

  it('must be what its Content-Length says: less is waited for and cut off, more is another request', async () => {
    const body = itemOf(500, 'lying');
    const less = await talkRaw(port, [head('content-length: 600'), body]);
    expect(less.statuses).toEqual([408]);
    expect(less.text).toContain('"code":"request_timeout"');
    expect(await isStored('lying')).toBe(false);
    const more = await talkRaw(port, [head('content-length: 500'), itemOf(500, 'lying more'), 'GARBAGE\r\n\r\n']);
    expect(more.statuses).toEqual([202, 400]);
    expect((await talkRaw(port, [head('content-length: 0')], { answers: 1 })).statuses).toEqual([400]);
    expect((await talkRaw(port, [head('content-length: -1'), body])).statuses).toEqual([400]);
    expect((await talkRaw(port, [head('content-length: 500', 'transfer-encoding: chunked'), body])).statuses).toEqual([
      400,
    ]);
    expect((await talkRaw(port, [head('content-length: 500', 'content-length: 501'), body])).statuses).toEqual([400]);
  });

  it('is forgotten when the sender goes away in the middle', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head(`content-length: ${limit}`)}${'x'.repeat(100_000)}`);
    await once(socket, 'ready');
    socket.destroy();
    expect((await talkRaw(port, [head('content-length: 500'), itemOf(500, 'after')], { answers: 1 })).statuses).toEqual(
      [202],
    );
  });

  it('is refused while others hold all the room, with the time to come again, and room comes back', async () => {
    const stalled = Array.from({ length: 4 }, () => talkRaw(port, [head(`content-length: ${limit}`), '{']));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const refused = await talkRaw(port, [head(`content-length: ${limit}`), itemOf(limit, 'no room')], { answers: 1 });
    expect(refused.statuses).toEqual([503]);
    expect(refused.text).toMatch(/retry-after: 1\r\n[^]*"code":"busy"/i);
    expect(await isStored('no room')).toBe(false);
    const small = await talkRaw(port, [head('content-length: 500'), itemOf(500, 'small')], { answers: 1 });
    expect(small.statuses).toEqual([202]);
    expect((await Promise.all(stalled)).flatMap((answer) => answer.statuses)).toEqual([408, 408, 408, 408]);
    const then = await talkRaw(port, [head(`content-length: ${limit}`), itemOf(limit, 'room again')], { answers: 1 });
    expect(then.statuses).toEqual([202]);
  });

  it('is bounded for all senders together, and what was accepted is there', async () => {
    const senders = Array.from({ length: 24 }, async (_, index) => {
      const key = `together ${index}`;
      const answer = await talkRaw(port, [head(`content-length: ${limit}`), itemOf(limit, key)], { answers: 1 });
      return { key, answer };
    });
    const results = await Promise.all(senders);
    expect([202, 408, 503]).toEqual(expect.arrayContaining(results.flatMap(({ answer }) => answer.statuses)));
    const accepted = results.filter(({ answer }) => answer.statuses[0] === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(await Promise.all(accepted.map(({ key }) => isStored(key)))).not.toContain(false);
    expect((await talkRaw(port, [head('content-length: 500'), itemOf(500, 'then')], { answers: 1 })).statuses).toEqual([
      202,
    ]);
  });
});

describe('a slow sender', () => {
  it('is cut off, while others are served', async () => {
    async function* slowly(text: string): AsyncGenerator<string> {
      for (const character of text) {
        yield character;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const slowHead = talkRaw(port, slowly(head('content-length: 5')));
    const slowBody = talkRaw(
      port,
      (async function* () {
        yield head('content-length: 500');
        yield* slowly(itemOf(500, 'slow'));
      })(),
    );
    const silent = talkRaw(port, []);
    const honest = Array.from({ length: 20 }, (_, index) =>
      talkRaw(port, [head('content-length: 500'), itemOf(500, `honest ${index}`)], { answers: 1 }),
    );
    for (const answer of await Promise.all(honest)) expect(answer.statuses).toEqual([202]);
    expect((await slowHead).statuses).toEqual([408]);
    expect((await slowBody).statuses).toEqual([408]);
    expect((await silent).statuses).toEqual([408]);
    expect(await isStored('slow')).toBe(false);
  });
});
