import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { openStore, type Store } from '@devpulse/db/open-store';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openStoreProxy, type StoreProxy } from '../testing/store-proxy.ts';
import type { CaptureRow } from './capture-row.ts';
import { type Capture, openCapture } from './open-capture.ts';

let test: TestStore;
let capture: Capture;
let workspaceId: string;
beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

async function start(
  options: { admit?: () => void; onCaptured?: (ids: Set<string>) => void; store?: Store } = {},
): Promise<void> {
  ({ workspaceId } = await test.addWorkspace());
  capture = openCapture({ store: test.store, ...options });
}

function row(key: string, body: string | Buffer = `body of ${key}`, workspace = workspaceId): CaptureRow {
  return { workspaceId: workspace, source: 'plain', key, kind: 'facts', arrival: 'push', body: Buffer.from(body) };
}

interface Stored {
  key: string;
  body: Buffer;
  encoding: string;
  bytes: number;
  state: string;
}

async function readStored(workspace = workspaceId): Promise<Map<string, Stored>> {
  const { rows } = await test.store.inWorkspace(workspace, (trx) =>
    sql<Stored>`select item_key as key, body, body_encoding as encoding, octet_length(body) as bytes, state from raw_events order by item_key`.execute(
      trx,
    ),
  );
  return new Map(
    rows.map((stored) => [
      stored.key,
      { ...stored, body: stored.encoding === 'gzip' ? gunzipSync(stored.body) : stored.body },
    ]),
  );
}

async function bodiesOf(workspace = workspaceId): Promise<Record<string, string>> {
  return Object.fromEntries(
    [...(await readStored(workspace))].map(([key, stored]) => [key, stored.body.toString('latin1')]),
  );
}

describe('openCapture', () => {
  it('stores every row that it acknowledged, byte for byte, for many senders into several workspaces', async () => {
    const nudged: string[] = [];
    await start({ onCaptured: (ids) => nudged.push(...ids) });
    const other = await test.addWorkspace();
    const senders = Array.from({ length: 150 }, (_, index) => {
      const body = Buffer.from(Array.from({ length: index * 7 }, (_byte, at) => (at * index) % 256));
      const workspace = index % 2 === 0 ? workspaceId : other.workspaceId;
      return { workspace, body, key: `k${index}`, sent: capture.add([row(`k${index}`, body, workspace)]) };
    });
    expect(await Promise.all(senders.map((sender) => sender.sent))).toEqual(senders.map(() => ['accepted']));
    const stored = [await readStored(), await readStored(other.workspaceId)];
    expect(stored.map((rows) => rows.size)).toEqual([75, 75]);
    for (const { workspace, body, key } of senders) {
      expect(stored[workspace === workspaceId ? 0 : 1]?.get(key)?.body.equals(body)).toBe(true);
    }
    expect(new Set(nudged)).toEqual(new Set([workspaceId, other.workspaceId]));
  });

  it('shares few commits among many senders', async () => {
    await start();
    await Promise.all(Array.from({ length: 100 }, (_, index) => capture.add([row(`k${index}`)])));
    expect((await readStored()).size).toBe(100);
    const { rows } = await test.store.inWorkspace(workspaceId, (trx) =>
      sql<{ commits: number }>`select count(distinct xmin::text) as commits from raw_events`.execute(trx),
    );
    expect(rows[0]?.commits).toBeLessThan(20);
  });

  it('tells new, repeated and contradicting rows apart, also inside one batch and across workspaces', async () => {
    await start();
    const other = await test.addWorkspace();
    await capture.add([row('known', 'a')]);
    expect(
      await capture.add([
        row('known', 'a'),
        row('known', 'b'),
        row('new', 'a'),
        row('new', 'a'),
        row('new', 'b'),
        row('known', 'b', other.workspaceId),
        { ...row('known', 'b'), source: 'other' },
      ]),
    ).toEqual(['duplicate', 'clash', 'accepted', 'duplicate', 'clash', 'accepted', 'accepted']);
    expect(await bodiesOf(other.workspaceId)).toEqual({ known: 'b' });
    // What was there stays.
    expect((await readStored()).get('new')?.body.toString()).toBe('a');
  });

  it('accepts one of many equal rows that come at once', async () => {
    await start();
    const outcomes = (await Promise.all(Array.from({ length: 30 }, () => capture.add([row('same')])))).flat();
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(29);
  });

  it.each([
    ['a key with a NUL', () => row('bad\u0000key'), '22021'],
    ['a workspace that is not there', () => row('bad', 'x', newId()), '23503'],
    ['an arrival that is none', () => ({ ...row('bad'), arrival: 'dream' as 'push' }), '23514'],
    ['a key too long for its index', () => row(Array.from({ length: 400 }, () => newId()).join('')), '54000'],
  ])('refuses %s without failing its neighbours', async (_name, badRow, code) => {
    await start();
    const good = ['a', 'b', 'c'].map((key) => capture.add([row(key)]));
    const bad = capture.add([badRow()]);
    const late = capture.add([row('d')]);
    await expect(bad).rejects.toMatchObject({ code });
    expect(await Promise.all([...good, late])).toEqual([['accepted'], ['accepted'], ['accepted'], ['accepted']]);
    expect(Object.keys(await bodiesOf())).toEqual(['a', 'b', 'c', 'd']);
  });

  it('rejects a sender one of whose rows is bad only when the others are decided', async () => {
    await start();
    await expect(capture.add([row('bad\u0000'), row('a'), row('b')])).rejects.toMatchObject({ code: '22021' });
    expect(Object.keys(await bodiesOf())).toEqual(['a', 'b']);
  });

  it('keeps NULs, broken UTF-8, nothing at all, and five megabytes as they are', async () => {
    await start();
    const noise = Buffer.from(Array.from({ length: 5 * 1024 * 1024 }, (_, at) => (at * 2654435761) >>> 24));
    const bodies: Record<string, Buffer> = {
      nul: Buffer.from('a\u0000b\u0000'),
      broken: Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf4, 0x90]),
      bom: Buffer.from('\ufeff{}'),
      nothing: Buffer.alloc(0),
      noise,
      blanks: Buffer.alloc(5 * 1024 * 1024, ' '),
    };
    const rows = Object.entries(bodies).map(([key, body]) => row(key, body));
    expect(await capture.add(rows)).toEqual(rows.map(() => 'accepted'));
    const stored = await readStored();
    for (const [key, body] of Object.entries(bodies)) expect(stored.get(key)?.body.equals(body), key).toBe(true);
    expect(await capture.add(rows)).toEqual(rows.map(() => 'duplicate'));
    expect(await capture.add([row('blanks', Buffer.alloc(5 * 1024 * 1024, '\t'))])).toEqual(['clash']);
  });

  it('compresses from 16 KiB on', async () => {
    await start();
    const size = 16 * 1024;
    await capture.add([row('below', Buffer.alloc(size - 1, 'x')), row('above', Buffer.alloc(size, 'x'))]);
    const stored = await readStored();
    expect(stored.get('below')).toMatchObject({ encoding: 'identity', bytes: size - 1, state: 'pending' });
    expect(stored.get('above')).toMatchObject({ encoding: 'gzip' });
    expect(stored.get('above')?.bytes).toBeLessThan(1000);
  });

  it('compares keys as the store keeps them, half characters included', async () => {
    await start();
    expect(await capture.add([row('half \ud83d', 'a'), row('whole \u{1F600}', 'a')])).toEqual(['accepted', 'accepted']);
    expect(await capture.add([row('half \ud83d', 'a'), row('half \ufffd', 'b'), row('whole \u{1F600}', 'a')])).toEqual([
      'duplicate',
      'clash',
      'duplicate',
    ]);
    expect(Object.keys(await bodiesOf())).toEqual(['half \ufffd', 'whole \u{1F600}']);
  });

  it('takes nothing in while there is no room', async () => {
    await start({
      admit: () => {
        throw new Error('no room');
      },
    });
    await expect(capture.add([row('a')])).rejects.toThrow('no room');
    expect(await bodiesOf()).toEqual({});
  });

  it('has all that is under way on disk when close resolves, even what is still being compressed', async () => {
    await start();
    const big = capture.add([row('big', Buffer.alloc(8 * 1024 * 1024, 'x'))]);
    const small = Array.from({ length: 250 }, (_, index) => capture.add([row(`k${index}`)]));
    await capture.close();
    expect((await readStored()).size).toBe(251);
    expect((await Promise.all([big, ...small])).flat()).toEqual(Array(251).fill('accepted'));
    await capture.close();
    expect(await capture.add([])).toEqual([]);
    await capture.close();
  });
});

describe('openCapture on a bad wire', () => {
  let proxy: StoreProxy;
  let store: Store;
  beforeAll(async () => {
    proxy = await openStoreProxy(test.store.logins.capture);
    store = openStore({ ...test.store.logins, capture: proxy.connection }, { log: () => undefined, poolSize: 2 });
  });
  afterAll(async () => {
    await store.close();
    await proxy.close();
  });

  it('acknowledges nothing that was not stored, and goes on when the wire is mended', async () => {
    await start({ store });
    await capture.add([row('before')]);
    proxy.cutNow();
    const results = await Promise.allSettled(['a', 'b', 'c'].map((key) => capture.add([row(key)])));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(Object.keys(await bodiesOf())).toEqual(['before']);
    proxy.mend();
    expect(await capture.add([row('a'), row('before')])).toEqual(['accepted', 'duplicate']);
  });

  it('fails the sender whose commit was done but not heard of, and takes its second try for the repeat it is', async () => {
    await start({ store });
    await capture.add([row('before')]);
    proxy.cutAnswers();
    await expect(capture.add([row('a', 'the same')])).rejects.toThrow(/terminated|ECONN|closed|lost/i);
    proxy.mend();
    expect(await untilStored('a')).toBe('the same');
    expect(await capture.add([row('a', 'the same'), row('a', 'another')])).toEqual(['duplicate', 'clash']);
    expect((await readStored()).size).toBe(2);
  });

  it('fails the sender whose backend is ended while it waits', async () => {
    await start();
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holder = test.store.inWorkspace(workspaceId, async (trx) => {
      await sql`lock table raw_events in share mode`.execute(trx);
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const sent = capture.add([row('a')]);
    const failed = sent.catch((error: Error) => error.message);
    while (!(await endWaitingCapture())) continue;
    expect(await failed).toMatch(/terminat/);
    held.resolve();
    await holder;
    expect(await bodiesOf()).toEqual({});
    expect(await capture.add([row('a')])).toEqual(['accepted']);
  });
});

async function untilStored(key: string): Promise<string> {
  for (;;) {
    const found = (await readStored()).get(key);
    if (found !== undefined) return found.body.toString();
  }
}

/** A role may end its own sessions. */
async function endWaitingCapture(): Promise<boolean> {
  const { rows } = await test.store.capture.query<{ ended: boolean }>(
    `select pg_terminate_backend(pid) as ended from pg_stat_activity
     where datname = current_database() and usename = current_user and wait_event_type = 'Lock' and query like 'insert into raw_events%'`,
  );
  return rows.some((found) => found.ended);
}
