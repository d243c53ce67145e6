import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventLimits } from '@devpulse/contract/raw-event';
import { talkRaw } from '../testing/talk-raw.ts';
import { type HookedApp, openHookedApp, sign, type TestHook } from './testing/hooked-app.ts';

const limit = eventLimits.bodyBytes;
let api: HookedApp;
let hook: TestHook;
let port: number;

beforeAll(async () => {
  api = await openHookedApp(undefined, { requestMs: 4_000, headersMs: 2_000, checkMs: 200 });
  hook = await api.addHook();
  ({ port } = await api.listen());
});
afterAll(() => api.close());

function head(name: string, body: string | Buffer, ...headers: string[]): string {
  return [
    `POST /webhooks/github/${hook.id} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    'x-github-event: push',
    `x-github-delivery: ${name}`,
    `x-hub-signature-256: ${sign(body, hook.secret)}`,
    ...headers,
    '',
    '',
  ].join('\r\n');
}

const bodyOf = (bytes: number): string => `{"ref":"${'x'.repeat(bytes - 10)}"}`;
const send = async (name: string, body: string | Buffer): Promise<number[]> =>
  (await talkRaw(port, [head(name, body, `content-length: ${body.length}`), body], { answers: 1 })).statuses;

function* chunked(name: string, body: string): Generator<string> {
  yield head(name, body, 'transfer-encoding: chunked');
  for (let at = 0; at < body.length; at += 1_000_000) {
    const piece = body.slice(at, at + 1_000_000);
    yield `${piece.length.toString(16)}\r\n${piece}\r\n`;
  }
  yield '0\r\n\r\n';
}

async function isStored(name: string): Promise<boolean> {
  const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
    sql`select 1 from raw_events where item_key = ${`hook:${hook.id}:${name}`}`.execute(trx),
  );
  return rows.length === 1;
}

describe('the size of a delivery', () => {
  it('may be nothing, and the limit to the byte, said beforehand or in chunks', async () => {
    expect(await send('nothing', '')).toEqual([202]);
    expect(await send('limit', bodyOf(limit))).toEqual([202]);
    expect((await talkRaw(port, chunked('chunked', bodyOf(limit)), { answers: 1 })).statuses).toEqual([202]);
    expect(await Promise.all(['nothing', 'limit', 'chunked'].map(isStored))).toEqual([true, true, true]);
  });

  it('may not be one byte more', async () => {
    const body = bodyOf(limit + 1);
    expect(await send('more', body)).toEqual([413]);
    expect((await talkRaw(port, chunked('more', body), { answers: 1 })).statuses).toEqual([413]);
    expect(await isStored('more')).toBe(false);
  });

  it('must be what its Content-Length says', async () => {
    const body = bodyOf(500);
    expect((await talkRaw(port, [head('less', body, 'content-length: 600'), body])).statuses).toEqual([408]);
    const cut = await talkRaw(port, [head('cut', body, 'content-length: 400'), body.slice(0, 400)], { answers: 1 });
    expect(cut.statuses).toEqual([401]);
    expect((await talkRaw(port, [head('x', body, 'content-length: -1'), body])).statuses).toEqual([400]);
    expect(await Promise.all(['less', 'cut', 'x'].map(isStored))).toEqual([false, false, false]);
  });

  it('cannot be hidden by packing: what is packed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    const headers = ['content-encoding: gzip', `content-length: ${bomb.length}`];
    const answer = await talkRaw(port, [head('bomb', bomb, ...headers), bomb], { answers: 1 });
    expect(answer.statuses).toEqual([415]);
    expect(await isStored('bomb')).toBe(false);
  });

  it('costs nothing where the signature could never count', async () => {
    const forged = head('forged', '', `content-length: ${limit}`).replace(/sha256=[0-9a-f]+/, 'sha256=x');
    // Answered although the body never comes.
    expect((await talkRaw(port, [forged], { answers: 1 })).statuses).toEqual([401]);
  });

  it('is bounded for all senders together, and what was accepted is there', async () => {
    const body = bodyOf(limit);
    const names = Array.from({ length: 16 }, (_, at) => `together-${at}`);
    const statuses = await Promise.all(names.map(async (name) => ({ name, answer: await send(name, body) })));
    expect([202, 408, 503]).toEqual(expect.arrayContaining(statuses.flatMap(({ answer }) => answer)));
    const accepted = statuses.filter(({ answer }) => answer[0] === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(await Promise.all(accepted.map(({ name }) => isStored(name)))).not.toContain(false);
    expect(await send('then', bodyOf(500))).toEqual([202]);
  });
});
