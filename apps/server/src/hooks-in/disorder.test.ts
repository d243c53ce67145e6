import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import { readForge } from '@devpulse/pipeline/testing/forge-rows';
import { Random } from '@devpulse/scenarios/random';
import { sql } from 'kysely';
import { busy, makeBusyWorld } from '../../../../test/github/busy-world.ts';
import { type GithubCounterpart, openGithub } from '../../../../test/github/open-github.ts';
import { payloadOf } from '../../../../test/github/shapes/hook-payloads.ts';
import { openPools } from '../runtime/open-pools.ts';
import { verifyFacts } from '../verify/verify-facts.ts';
import { hearDeliveries } from './hear-deliveries.ts';
import { type HookedApp, openHookedApp, type TestHook } from './testing/hooked-app.ts';

interface Happened {
  event: string;
  body: string;
}

let github: GithubCounterpart;
let api: HookedApp;
let pools: ReturnType<typeof openPools>;
const happened: Happened[] = [];
const signal = new AbortController().signal;

beforeAll(async () => {
  github = await openGithub();
  github.world.listeners.push((happening) => {
    const payload = payloadOf(github.world, happening);
    if (payload !== undefined) happened.push({ event: happening.event, body: JSON.stringify(payload) });
  });
  makeBusyWorld(github);
  api = await openHookedApp((usual) => ({ githubHost: { ...usual.githubHost, host: '127.0.0.1' } }));
  pools = openPools();
});
afterAll(async () => {
  await Promise.all([pools.fresh.close(), pools.retry.close()]);
  await api.close();
  await github.close();
});

async function drain(workspaceId: string): Promise<void> {
  const options = { store: api.store, pools, log: () => undefined, signal };
  await drainInbox(options, workspaceId, 'fresh');
  await drainInbox(options, workspaceId, 'retry');
}

async function deliver(hook: TestHook, told: Happened & { id: string }): Promise<void> {
  const answer = await api.deliver(hook, told);
  expect(answer.statusCode, answer.body).toBe(202);
}

async function watchAll(workspaceId: string): Promise<void> {
  const ids = happened.map(({ body }) => (JSON.parse(body) as { repository?: { id: number } }).repository?.id);
  for (const id of new Set(ids)) if (id !== undefined) await api.watch(id, workspaceId);
}

/** In the order in which it happened, each once, by one hook. */
async function tellStraight(): Promise<string> {
  const { workspaceId } = await api.addWorkspace();
  await watchAll(workspaceId);
  const hook = await api.addHook({ workspaceId });
  for (const [at, one] of happened.entries()) await deliver(hook, { ...one, id: `straight-${at}` });
  await drain(workspaceId);
  return workspaceId;
}

/** One to five times each by three hooks, in any order, read while more comes. */
async function tellInDisorder(seed: string): Promise<string> {
  const { workspaceId } = await api.addWorkspace();
  await watchAll(workspaceId);
  const hooks = [
    await api.addHook({ workspaceId }),
    await api.addHook({ workspaceId }),
    await api.addHook({ workspaceId }),
  ];
  const random = new Random(seed);
  const drawn = hooks
    .flatMap((hook) =>
      happened.flatMap((one, at) =>
        Array.from({ length: random.int(1, 5) }, () => ({
          hook,
          told: { ...one, id: `delivery-${at}` },
          at: random.next(),
        })),
      ),
    )
    .toSorted((a, b) => a.at - b.at);
  for (let at = 0; at < drawn.length; at += 64) {
    await Promise.all(drawn.slice(at, at + 64).map(({ hook, told }) => deliver(hook, told)));
    if (at % 512 === 0) await drain(workspaceId);
  }
  await drain(workspaceId);
  return workspaceId;
}

const differences = (workspaceId: string) =>
  api.store.inWorkspace(
    workspaceId,
    async (trx) => (await verifyFacts(trx, workspaceId, pools.retry as never)).differences,
    { snapshot: true },
  );

describe('a history that is delivered', () => {
  it('ends in the same facts through three hooks, in disorder and many times, as told once and in order', async () => {
    const straight = await tellStraight();
    const disorder = await tellInDisorder('three hooks');
    expect(happened.length).toBeGreaterThan(80);
    const facts = await readForge({ store: api.store, workspaceId: disorder });
    expect(facts).toEqual(await readForge({ store: api.store, workspaceId: straight }));
    expect(await differences(disorder)).toEqual([]);
    const { rows } = await api.store.inWorkspace(disorder, (trx) =>
      sql<{ events: number }>`select count(*)::integer as events from raw_events`.execute(trx),
    );
    expect(rows[0]?.events).toBe(3 * happened.length);
    const told = (facts['fact_pull_requests'] ?? []).map((line) => JSON.parse(line) as Record<string, unknown>);
    const { id } = github.repository(busy.repository);
    const truth = github.readTruth().pulls.filter((pull) => pull.repository === id);
    const byNumber = (a: unknown[], b: unknown[]): number => Number(a[0]) - Number(b[0]);
    expect(told.map((pull) => [pull['number'], pull['state'], pull['head_sha']]).toSorted(byNumber)).toEqual(
      truth.map((pull) => [pull.number, pull.state, pull.headSha]).toSorted(byNumber),
    );
  });

  it('changes nothing when all of it is sent again under other names, and says that it was', async () => {
    const { workspaceId } = await api.addWorkspace();
    await watchAll(workspaceId);
    const hook = await api.addHook({ workspaceId });
    for (const [at, one] of happened.entries()) await deliver(hook, { ...one, id: `once-${at}` });
    await drain(workspaceId);
    const before = await readForge({ store: api.store, workspaceId });
    const bodies = new Set(happened.map((one) => one.body)).size;
    for (const [at, one] of happened.entries()) await deliver(hook, { ...one, id: `again-${at}` });
    await drain(workspaceId);
    expect(await readForge({ store: api.store, workspaceId })).toEqual(before);
    const log = (): undefined => undefined;
    await hearDeliveries({ store: api.store, github: api.deps.githubHost, log }, workspaceId, signal);
    const { rows } = await api.store.inWorkspace(workspaceId, (trx) =>
      sql<{ repeated: number }>`
        select count(*)::integer as repeated from hook_deliveries where repeats_event_id is not null`.execute(trx),
    );
    expect(rows[0]?.repeated).toBe(2 * happened.length - bodies);
  });
});

describe('a delivery that cannot be read', () => {
  it.each([
    ['no JSON', 'this is no JSON'],
    ['an empty body', ''],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80, 0x7d])],
    ['a zero byte', '{"action":"\u0000"}'],
    ['half a character', '{"action":"\\ud83d","repository":{"id":1,"full_name":"\\ud83d\\u0000"}}'],
    ['6,400 levels', `{"action":${'['.repeat(6_400)}${']'.repeat(6_400)}}`],
    ['a million levels', '['.repeat(1_000_000)],
    ['a number without bounds', '{"repository":{"id":1e400}}'],
    ['names of prototypes', '{"__proto__":{"action":"opened"},"constructor":{"prototype":{}}}'],
    ['a hundred thousand names', `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":${at}`).join()}}`],
  ])('is stored as it came and set aside with its reason: %s', async (_name, body) => {
    const { workspaceId } = await api.addWorkspace();
    await api.watch(1, workspaceId);
    const hook = await api.addHook({ workspaceId });
    const answer = await api.deliver(hook, { body, event: 'pull_request' });
    expect(answer.statusCode).toBe(202);
    const log = (): undefined => undefined;
    const heard = await hearDeliveries({ store: api.store, github: api.deps.githubHost, log }, workspaceId, signal);
    expect(heard.heard).toBe(1);
    for (let round = 0; round < 30; round += 1) {
      await drain(workspaceId);
      await api.store.inWorkspace(workspaceId, (trx) =>
        sql`update raw_events set run_after = now() where state = 'pending'`.execute(trx),
      );
    }
    const { rows } = await api.store.inWorkspace(workspaceId, (trx) =>
      sql<{ state: string; reason: string | null }>`select state, reason from raw_events`.execute(trx),
    );
    expect(['dead', 'ignored']).toContain(rows[0]?.state);
    expect(rows[0]?.reason).not.toBeNull();
  });
});
