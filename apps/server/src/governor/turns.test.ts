import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AskLane } from '@devpulse/contract/source-client';
import { openClient } from '@devpulse/db/connection';
import { openStore, type Store } from '@devpulse/db/open-store';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import type { Ask, Governor, Heard, Turn } from '@devpulse/http-client/governor';
import { refusalOf } from '@devpulse/http-client/testing/open-test-client';
import { liveChannel, readPayload } from '../live/announce-change.ts';
import { takeTurn } from './governor-store.ts';
import { openGovernor } from './open-governor.ts';

const quiet = (): undefined => undefined;

let test: TestStore;
let owner: Awaited<ReturnType<typeof openClient>>;
let stores: Store[];
let governors: Governor[];
const notices: string[] = [];

beforeAll(async () => {
  test = await createTestStore();
  owner = await openClient(test.store.logins.owner, 'the test', quiet);
  owner.on('notification', (notice) => notices.push(notice.payload ?? ''));
  await owner.query(`listen ${liveChannel}`);
  stores = [0, 1].map(() => openStore(test.store.logins, { log: quiet, poolSize: 6 }));
});
beforeEach(() => {
  governors = stores.map((store) =>
    openGovernor({ store, log: { info: quiet }, patienceMs: 20_000, sleep: () => pause(5) }),
  );
});
afterEach(() => owner.query('delete from governor_accounts; delete from governor_quotas; delete from governor_turns'));
afterAll(async () => {
  await owner.end();
  await Promise.all(stores.map((store) => store.close()));
  await test.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ask = (lane: AskLane, more: Partial<Ask> = {}): Ask => ({
  budget: 'a',
  resource: 'core',
  lane,
  cost: 1,
  points: 1,
  ...more,
});
const left = (count: number, more: Partial<Heard['quota'] & object> = {}): Heard => ({
  quota: { resource: 'core', limit: 5000, left: count, resetAt: 1_900_000_000, resetInMs: 1_800_000, ...more },
  limited: null,
});
const take = async (lane: AskLane, more?: Partial<Ask>, process = 0): Promise<Turn> => {
  const governor = governors[process];
  if (governor === undefined) throw new Error('no such process');
  return governor.take(ask(lane, more));
};
const hear = async (heard: Heard | null, more?: Partial<Ask>): Promise<void> => (await take('person', more)).end(heard);
const passes = (seconds: number): Promise<unknown> =>
  owner.query(`
    update governor_quotas set resets_at = resets_at - interval '${seconds} s', full_at = full_at - interval '${seconds} s';
    update governor_turns set asked_at = asked_at - interval '${seconds} s', granted_at = granted_at - interval '${seconds} s', expires_at = expires_at - interval '${seconds} s'`);

describe('what is left of a quota', () => {
  it('is kept for more urgent lanes: a fifth from history, a twentieth from what just happened', async () => {
    const lanes = ['history', 'live', 'person'] as const;
    const may = async (count: number): Promise<string[]> => {
      // Somebody who waits in vain is told so at once.
      await owner.query('delete from governor_quotas');
      await hear(left(count));
      const answers = await Promise.all(
        lanes.map(async (lane) =>
          takeTurn(test.store, { id: crypto.randomUUID(), ask: ask(lane), lane: 2 - lanes.indexOf(lane) }),
        ),
      );
      await owner.query('delete from governor_turns');
      return lanes.filter((_lane, index) => !['reserve', 'quota'].includes(answers[index]?.reason ?? ''));
    };
    expect(await may(1001)).toEqual(['history', 'live', 'person']);
    expect(await may(1000)).toEqual(['live', 'person']);
    expect(await may(251)).toEqual(['live', 'person']);
    expect(await may(250)).toEqual(['person']);
    expect(await may(1)).toEqual(['person']);
    expect(await may(0)).toEqual([]);
  });

  it('counts what is under way, by every process', async () => {
    await hear(left(2));
    const turns = [await take('person', {}, 0), await take('person', {}, 1)];
    const third = await takeTurn(stores[1] as Store, { id: crypto.randomUUID(), ask: ask('person'), lane: 0 });
    expect(third).toMatchObject({ granted: false, reason: 'turn' });
    for (const turn of turns) await turn.end(left(0));
    expect((await refusalOf(take('person'))).kind).toBe('throttled');
  });

  it('only gets less within a window, in whatever order answers come', async () => {
    const [one, two] = [await take('person'), await take('person')];
    await two.end(left(98));
    await one.end(left(99));
    await hear(left(500, { resetAt: 1_899_990_000, resetInMs: 1000 }));
    expect((await governors[0]?.states(['a']))?.[0]).toMatchObject({ left: 98 });
    await hear(left(4999, { resetAt: 1_900_003_600, resetInMs: 3_600_000 }));
    expect((await governors[0]?.states(['a']))?.[0]).toMatchObject({ left: 4999 });
  });

  it('is whole again when the window is over', async () => {
    await hear(left(0));
    await passes(1801);
    expect((await governors[1]?.states(['a']))?.[0]).toMatchObject({ left: 5000, resetAt: null, blockedUntil: null });
    // Another process, which was not told to wait.
    await (await take('history', {}, 1)).end(null);
  });

  it('is less by what nobody heard the answer to', async () => {
    await hear(left(4000));
    await (await take('history', { cost: 30 })).end(null);
    expect((await governors[0]?.states(['a']))?.[0]).toMatchObject({ left: 3970 });
  });
});

describe('turns', () => {
  it('are two at a time for all processes together, of history one', async () => {
    let now = 0;
    let most = 0;
    const work = async (lane: AskLane, process: number): Promise<void> => {
      const turn = await take(lane, {}, process);
      now += 1;
      most = Math.max(most, now);
      await pause(2);
      now -= 1;
      await turn.end(null);
    };
    await Promise.all(Array.from({ length: 24 }, (_, index) => work('live', index % 2)));
    expect(most).toBe(2);
    most = 0;
    await Promise.all(Array.from({ length: 12 }, (_, index) => work('history', index % 2)));
    expect(most).toBe(1);
  });

  it('go to a person first, then to what just happened, then to history', async () => {
    const held = [await take('live', {}, 0), await take('live', {}, 1)];
    const order: AskLane[] = [];
    const waiting: Promise<void>[] = [];
    for (const [index, lane] of (['history', 'live', 'person'] as const).entries()) {
      waiting.push(take(lane, {}, index % 2).then((turn) => (order.push(lane), turn.end(null))));
      await expect
        .poll(async () => (await owner.query('select 1 from governor_turns where granted_at is null')).rowCount)
        .toBe(index + 1);
    }
    for (const turn of held) await turn.end(null);
    await Promise.all(waiting);
    expect(order).toEqual(['person', 'live', 'history']);
  });

  it('that a dead process took run out, and what it may have asked is counted', async () => {
    await hear(left(4000));
    await take('live', { cost: 7 }, 0);
    await take('live', { cost: 7 }, 0);
    const next = (): Promise<{ granted: boolean }> =>
      takeTurn(stores[1] as Store, { id: crypto.randomUUID(), ask: ask('live'), lane: 1 });
    expect(await next()).toMatchObject({ granted: false, reason: 'turn' });
    await owner.query('delete from governor_turns where granted_at is null');
    await passes(91);
    expect(await next()).toMatchObject({ granted: true });
    expect((await governors[1]?.states(['a']))?.[0]).toMatchObject({ left: 3986 });
  });

  it('do not hang when the clock of the store goes back', async () => {
    await take('live');
    await take('live');
    await passes(-86_400);
    await expect(take('live', {}, 1)).resolves.toBeDefined();
  });

  it('are given up with whoever waited, and by whoever waited for long', async () => {
    await take('live');
    await take('live');
    const stop = new AbortController();
    const waiting = governors[1]?.take(ask('person'), stop.signal);
    await expect
      .poll(async () => (await owner.query('select 1 from governor_turns where granted_at is null')).rowCount)
      .toBe(1);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    const hasty = openGovernor({ store: test.store, log: { info: quiet }, patienceMs: 0, sleep: () => pause(1) });
    const refusal = await refusalOf(hasty.take(ask('person')));
    expect(refusal.kind).toBe('throttled');
    expect(refusal.until).not.toBeNull();
    expect((await owner.query('select 1 from governor_turns where granted_at is null')).rowCount).toBe(0);
  });

  it('come no faster than the source allows in a minute', async () => {
    const startedAt = performance.now();
    let points = 0;
    for (;;) {
      const id = crypto.randomUUID();
      const answer = await takeTurn(test.store, { id, ask: ask('person', { points: 5 }), lane: 0 });
      if (!answer.granted) break;
      points += 5;
      await owner.query(`delete from governor_turns where id = '${id}'`);
    }
    expect(points).toBeGreaterThanOrEqual(300);
    expect(points).toBeLessThanOrEqual(300 + (performance.now() - startedAt) / 100);
    // Another kind of question has a pace of its own.
    expect(
      await takeTurn(test.store, { id: crypto.randomUUID(), ask: ask('person', { resource: 'graphql' }), lane: 0 }),
    ).toMatchObject({ granted: true });
  });
});

describe('waits', () => {
  const hearNotices = async (): Promise<string[]> => {
    await owner.query('select 1');
    return notices.splice(0).map((text) => readPayload(text)?.workspaceId ?? '');
  };

  it('are announced to the screens of whoever waits once when they begin and once when they end', async () => {
    const { workspaceId } = test;
    const other = await test.addWorkspace();
    await hearNotices();
    await (await take('live', { workspaceId, budget: 'told' })).end(left(0, { resetInMs: 40_000 }));
    expect(await hearNotices()).toEqual([workspaceId]);
    for (let count = 0; count < 3; count += 1) await refusalOf(take('live', { workspaceId, budget: 'told' }));
    expect(await hearNotices()).toEqual([]);
    await refusalOf(take('history', { workspaceId: other.workspaceId, budget: 'told' }, 1));
    expect(await hearNotices()).toEqual([other.workspaceId]);
    await passes(41);
    const fresh = openGovernor({ store: test.store, log: { info: quiet } });
    await fresh.take(ask('live', { workspaceId, budget: 'told' }));
    expect(await hearNotices()).toEqual([workspaceId]);
  });

  it('can be read', async () => {
    await hear(left(900, { limit: 5000 }));
    await hear({ ...left(0), limited: { kind: 'quota', retryAfterMs: null } }, { resource: 'core', budget: 'used' });
    await hear({ quota: null, limited: { kind: 'pace', retryAfterMs: 90_000 } }, { budget: 'fast' });
    const states = (await governors[0]?.states(['a', 'used', 'fast', 'never'])) ?? [];
    const find = (budget: string) => states.find((state) => state.budget === budget);
    expect(find('a')).toMatchObject({ resource: 'core', limit: 5000, left: 900, blockedUntil: null, reason: null });
    expect(find('a')?.historyUntil).toEqual(find('a')?.resetAt);
    expect(find('used')).toMatchObject({ left: 0, reason: 'quota' });
    expect(find('used')?.blockedUntil).toEqual(find('used')?.resetAt);
    expect(find('fast')).toMatchObject({ limit: null, reason: 'pace', blockedUntil: expect.any(Date) });
    expect(states).toHaveLength(3);
    expect(await governors[0]?.states([])).toEqual([]);
  });

  it('do not end early for who was told, though the clock of the store jumps ahead', async () => {
    await hear(left(0));
    await passes(3600);
    expect((await refusalOf(take('person'))).kind).toBe('throttled');
    expect(await owner.query('select 1 from governor_turns').then(({ rowCount }) => rowCount)).toBe(0);
  });

  it('name nobody in the store, and are forgotten after two days', async () => {
    await hear(left(900), { budget: 'source.example|user|583231' });
    const { rows } = await owner.query<{ text: string }>(
      'select a::text || q::text as text from governor_accounts a, governor_quotas q',
    );
    expect(rows[0]?.text).not.toContain('583231');
    await owner.query(
      `update governor_accounts set seen_at = seen_at - interval '49 hours'; update governor_quotas set resets_at = resets_at - interval '49 hours'`,
    );
    await owner.query('select sweep_governor()');
    expect((await owner.query('select 1 from governor_quotas')).rowCount).toBe(0);
  });
});
