import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaptureAnswer } from '@devpulse/contract/wire/events';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerIngestRoutes } from './routes.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ areas: [registerIngestRoutes] });
});
afterAll(() => api.close());

let made = 0;
const item = (more: object = {}): Record<string, unknown> => ({
  source: 'plain',
  key: `key ${(made += 1)}`,
  kind: 'facts',
  payload: { n: made },
  ...more,
});

async function send(payload: string | Buffer | object, headers: Record<string, string> = {}) {
  const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  const response = await api.ask({
    method: 'POST',
    url: '/api/v1/events',
    payload: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.json<CaptureAnswer & { code: string; detail: string; problems: unknown[] }>(),
  };
}

async function stored(key: unknown, workspaceId = api.workspaceId) {
  const { rows } = await api.store.inWorkspace(workspaceId, (trx) =>
    sql<{ body: Buffer; arrival: string; kind: string; body_sha256: Buffer; body_encoding: string }>`
      select * from raw_events where item_key = ${key}`.execute(trx),
  );
  return rows;
}

describe('POST /api/v1/events', () => {
  it('stores one item and answers when it is on disk', async () => {
    const one = item();
    const { status, body } = await send(one);
    expect(status).toBe(202);
    expect(body).toEqual({
      accepted: 1,
      duplicate: 0,
      clash: 0,
      rejected: 0,
      items: [{ index: 0, key: one['key'], status: 'accepted' }],
    });
    const [row] = await stored(one['key']);
    const bytes = Buffer.from(JSON.stringify(one['payload']));
    expect(row).toMatchObject({
      arrival: 'push',
      kind: 'facts',
      body: bytes,
      body_sha256: createHash('sha256').update(bytes).digest(),
    });
  });

  it('says of each item what became of it, in the order sent', async () => {
    const [first, second, third] = [item(), item(), item()];
    await send(first);
    const { status, body } = await send([
      second,
      first,
      { ...first, payload: 'other' },
      { ...third, source: 'nobody' },
      7,
      third,
      third,
    ]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicate: 2, clash: 1, rejected: 2 });
    expect(body.items.map(({ index, status: state }) => `${index} ${state}`)).toEqual([
      '0 accepted',
      '1 duplicate',
      '2 clash',
      '3 rejected',
      '4 rejected',
      '5 accepted',
      '6 duplicate',
    ]);
    expect(body.items[3]).toMatchObject({ key: third['key'], problem: { code: 'unknown_source', path: 'source' } });
    expect(body.items[4]).toMatchObject({ key: null, problem: { code: 'malformed' } });
    expect((await stored(first['key']))[0]?.body.toString()).toBe(JSON.stringify(first['payload']));
  });

  it('takes NDJSON, and lets a bad line stand alone', async () => {
    const [one, two] = [item(), item()];
    const { status, body } = await send(`${JSON.stringify(one)}\nnonsense\n${JSON.stringify(two)}\n`, {
      'content-type': 'application/x-ndjson; charset=utf-8',
    });
    expect(status).toBe(202);
    expect(body.items.map((result) => result.status)).toEqual(['accepted', 'rejected', 'accepted']);
  });

  it('keeps bytes that no parser would give back', async () => {
    const key = `exact ${(made += 1)}`;
    const payload = '{"a":1e400, "a":12345678901234567890123 ,"__proto__":{"x":"\\ud800\\u0000"}}';
    await send(`{"source":"plain","key":${JSON.stringify(key)},"kind":"facts","payload":${payload}}`);
    expect((await stored(key))[0]?.body.toString()).toBe(payload);
    const binary = item({ payload: undefined, payloadBase64: Buffer.from([0, 255, 128, 10]).toString('base64') });
    await send(binary);
    expect((await stored(binary['key']))[0]?.body).toEqual(Buffer.from([0, 255, 128, 10]));
  });

  it('takes gzip, and says what is wrong with gzip that is damaged', async () => {
    const one = item({ payload: 'x'.repeat(200_000) });
    const packed = gzipSync(JSON.stringify(one));
    const headers = { 'content-encoding': 'gzip' };
    expect((await send(packed, headers)).body.accepted).toBe(1);
    expect((await send(packed, headers)).body.duplicate).toBe(1);
    for (const bad of [
      packed.subarray(0, -20),
      Buffer.from('not gzip at all'),
      Buffer.concat([packed.subarray(0, 100), Buffer.alloc(500, 7)]),
    ]) {
      expect(await send(bad, headers)).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
    }
    expect(await send(packed, { 'content-encoding': 'br' })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });

  it('refuses the request when not one item can be stored, and names each', async () => {
    const { status, body } = await send([item({ kind: 'no kind' }), item({ source: 'nobody' })]);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'items[0].kind' }, { path: 'items[1].source' }],
    });
    const deep = `${'['.repeat(65)}${']'.repeat(65)}`;
    expect(await send(JSON.stringify(item({ payload: 'deep' })).replace('"deep"', deep))).toMatchObject({
      status: 400,
      body: { code: 'too_deep' },
    });
    expect(await send('nonsense', { 'content-type': 'application/x-ndjson' })).toMatchObject({
      status: 400,
      body: { code: 'malformed_body' },
    });
  });

  it('refuses bodies that cannot be read, and stores nothing of them', async () => {
    const one = item();
    const text = JSON.stringify([one, one]);
    for (const body of [text.slice(0, -1), `${text}]`, '', Buffer.concat([Buffer.from(text), Buffer.from([0xff])])]) {
      expect(await send(body)).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
    }
    expect(await stored(one['key'])).toEqual([]);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'nonsense']) {
      expect(await send(text, { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      });
    }
  });

  it('keeps workspaces apart: the same key is new in each, and stays unseen in the other', async () => {
    const other = await api.addWorkspace();
    const token = await api.tokenFor(['events'], other);
    const one = item();
    await send(one);
    const answer = await send({ ...one, payload: 'theirs' }, { authorization: `Bearer ${token}` });
    expect(answer.body.accepted).toBe(1);
    expect(await stored(one['key'])).toHaveLength(1);
    expect((await stored(one['key'], other.workspaceId))[0]?.body.toString()).toBe('"theirs"');
  });

  it('answers many senders of the same items at once with one acceptance each', async () => {
    const batch = Array.from({ length: 20 }, () => item());
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(batch)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20);
    expect(answers.reduce((sum, { body }) => sum + body.duplicate, 0)).toBe(220);
  });

  it('needs a token that may send events', async () => {
    const reading = await api.tokenFor(['read', 'people', 'operate']);
    expect(await send(item(), { authorization: `Bearer ${reading}` })).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringContaining('events') as string },
    });
    expect(await send(item(), { authorization: '' })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
      headers: { 'www-authenticate': 'Bearer realm="devpulse"' },
    });
  });
});
