import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricQuery } from '@devpulse/contract/wire/metrics';
import { newId } from '@devpulse/db/ids';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { type Capture, openCapture } from '@devpulse/pipeline/capture/open-capture';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { countExpectations, type Expectations, sumOf } from '@devpulse/scenarios/expectations';
import type { Scenario } from '@devpulse/scenarios/history';
import { makeTeam } from '@devpulse/scenarios/team';
import { createAccount } from '../accounts/create-account.ts';
import { findOwnerAccount } from '../accounts/owner-account.ts';
import { readSuggestions } from '../people/read-suggestions.ts';
import { loadConnectors, loadMetrics } from '../runtime/load-extensions.ts';
import { openPools } from '../runtime/open-pools.ts';
import { ensureWorkspace, findFirstWorkspace, listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { listAccountWorkspaces } from '../workspaces/account-workspaces.ts';
import { enterDemo } from './enter-demo.ts';
import { identityIdOf } from './create-demo-workspace.ts';
import { type DemoPlan, readDemoState } from './demo-state.ts';
import { demoLeaseSeconds } from './hold-demo.ts';
import type { DemoTools } from './demo-tools.ts';
import { makeDemo } from './make-demo.ts';
import { orderDemo } from './order-demo.ts';
import { removeDemo } from './remove-demo.ts';

// A Wednesday noon, so that work is under way when the story stops.
const now = new Date('2026-11-18T12:00:00Z');
const metrics = loadMetrics();
const pools = openPools();
let test: TestStore;
let capture: Capture;
let parent: string;
let folder: string;

beforeAll(async () => {
  test = await createTestStore({ zone: 'Europe/Berlin' });
  capture = openCapture({ store: test.store });
  parent = await mkdtemp(path.join(tmpdir(), 'devpulse-demo-'));
  folder = path.join(parent, 'demo');
});
afterAll(async () => {
  await Promise.all([pools.fresh.close(), pools.retry.close()]);
  await capture.close();
  await test.close();
  await rm(parent, { recursive: true, force: true });
});

function tools(more: Partial<DemoTools> = {}): DemoTools {
  const signal = new AbortController().signal;
  const { store } = test;
  const log = (): void => undefined;
  return { store, capture, connectors: loadConnectors(), metrics, pools, log, now: () => now, folder, signal, ...more };
}

/** Rows of every table that knows workspaces, seen from inside one. */
async function countRows(workspaceId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
    where c.relkind = 'r' and n.nspname = 'public' and has_table_privilege(c.oid, 'select') order by 1`.execute(
    test.store.app,
  );
  return test.store.inWorkspace(workspaceId, async (trx) => {
    const counts: Record<string, number> = {};
    for (const { name } of rows) {
      const found = await sql<{ count: number }>`
        select count(*)::integer as count from ${sql.table(name)} where workspace_id = ${workspaceId}`.execute(trx);
      if ((found.rows[0]?.count ?? 0) > 0) counts[name] = found.rows[0]?.count ?? 0;
    }
    return counts;
  });
}

describe('the demo', { timeout: 240_000 }, () => {
  let before: Record<string, number>;
  let plan: DemoPlan;
  let scenario: Scenario;
  let truth: Expectations;

  async function ask(metricId: string, subject: string, query: Partial<MetricQuery> = {}) {
    const { workspaceId, personId } = plan;
    const answer = await readMetric({
      store: test.store,
      metrics,
      viewer: { workspaceId, personId },
      metricId,
      now,
      query: { subject, by: 'total', from: '2025-11-01', to: '2026-11-18', ...query },
    });
    expect(answer.state).toBe('ok');
    return answer.values;
  }

  async function daysOf(metricId: string, subject: string): Promise<Map<string, number | null>> {
    const values = await ask(metricId, subject, { by: 'day' });
    return new Map(values.filter(({ value }) => value !== 0).map(({ from, value }) => [from, value]));
  }

  function subjectOf(id: string): string {
    const email = scenario.people.find((person) => person.id === id)?.emails[0] ?? '';
    return id === scenario.self ? 'me' : `person:${identityIdOf(plan.workspaceId, email)}`;
  }

  const sorted = (days: ReadonlyMap<string, number | null>) => [...days].toSorted(([a], [b]) => (a < b ? -1 : 1));

  beforeAll(async () => {
    before = await countRows(test.workspaceId);
    await orderDemo(test.store, { accountId: null, now });
    // Stopped in the middle, then wanted by three at once: one of them goes on.
    const stop = new AbortController();
    const onProgress: DemoTools['onProgress'] = ({ what, done }) => {
      if (what === 'Reading commits' && done > 0) stop.abort();
    };
    expect(await makeDemo(tools({ signal: stop.signal, onProgress }))).toEqual({ outcome: 'interrupted' });
    const interrupted = await readDemoState(test.store);
    expect(interrupted).toMatchObject({ state: 'making', lease: null });
    const outcomes = await Promise.all([makeDemo(tools()), makeDemo(tools()), makeDemo(tools())]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['busy', 'busy', 'ready']);
    const { plan: made } = await readDemoState(test.store);
    if (made === null) throw new Error('a demo that is ready has a plan');
    plan = made;
    expect(plan).toEqual(interrupted.plan);
    scenario = makeTeam(plan);
    truth = countExpectations(scenario);
  }, 240_000);

  it('is one workspace of its own kind, and everything there came through the git connector', async () => {
    const rows = await countRows(plan.workspaceId);
    expect(rows['fact_commits']).toBe(truth.commits);
    expect(rows['sources']).toBe(5);
    expect(rows['raw_events']).toBeGreaterThan(truth.commits);
    expect(rows['rollup_stale']).toBeUndefined();
    expect(await listWorkspaces(test.store)).toHaveLength(2);
    const workspace = await test.store.inWorkspace(plan.workspaceId, (trx) =>
      trx.selectFrom('workspaces').select(['kind', 'name', 'zone']).executeTakeFirst(),
    );
    expect(workspace).toEqual({ kind: 'demo', name: 'Demo team', zone: 'Europe/Lisbon' });
    expect((await readdir(folder)).toSorted()).toEqual([plan.workspaceId]);
  });

  it('counts everybody’s commits on the days of their own clock, as the story tells them', async () => {
    for (const id of ['mira', 'aarav', 'oscar', 'hina', 'riley', 'noor']) {
      expect([id, sorted(await daysOf('commits', subjectOf(id)))]).toEqual([
        id,
        sorted(truth.people.get(id)?.commits ?? new Map()),
      ]);
    }
  });

  it('counts a commit of many once for all, and none that only machines made', async () => {
    expect(sorted(await daysOf('commits', 'workspace'))).toEqual(sorted(truth.workspace));
    expect(sumOf(truth.workspace)).toBe(truth.commits - truth.byMachinesAlone);
  });

  it('counts lines for authors alone, without generated, vendored and lock files', async () => {
    for (const id of ['mira', 'aarav', 'zoe']) {
      const person = truth.people.get(id);
      expect(sorted(await daysOf('lines_added', subjectOf(id)))).toEqual(sorted(person?.linesAdded ?? new Map()));
      const [removed] = await ask('lines_removed', subjectOf(id));
      expect(removed?.value).toBe(sumOf(person?.linesRemoved ?? new Map()));
      const [languages] = await ask('languages', subjectOf(id));
      expect(new Map(languages?.parts?.map(({ label, value }) => [label, value]))).toEqual(person?.languages);
    }
  });

  it('knows the bot and the agents by the built-in rules alone', async () => {
    const rows = await test.store.inWorkspace(plan.workspaceId, (trx) =>
      trx.selectFrom('fact_identities').select(['email', 'kind']).orderBy('email').execute(),
    );
    const kinds = Object.fromEntries(rows.map(({ email, kind }) => [email, kind]));
    const { automation, agent } = scenario.machines;
    for (const { email } of automation) expect([email, kinds[email.toLowerCase()]]).toEqual([email, 'automation']);
    for (const { email } of agent) expect([email, kinds[email.toLowerCase()]]).toEqual([email, 'agent']);
    for (const { emails } of scenario.people) for (const email of emails) expect(kinds[email]).toBe('person');
    expect(await countRows(plan.workspaceId)).not.toHaveProperty('people_kind_overrides');
  });

  it('has linked the two addresses of the person shown, and suggests those of another', async () => {
    const { workspaceId } = plan;
    const { suggestions } = await readSuggestions({ store: test.store, workspaceId, atLeast: 0, limit: 50 });
    const pairs = suggestions.map(({ identities }) => new Set(identities.map(({ email }) => email)));
    expect(pairs).toEqual([new Set(['jonas.weidmann@harbor.test', 'jw@laptop.example.org'])]);
  });

  it('changes nothing when it is asked for again', async () => {
    const rows = await countRows(plan.workspaceId);
    expect(await orderDemo(test.store, { accountId: null, now: new Date('2026-12-01T12:00:00Z') })).toMatchObject({
      state: 'ready',
      plan,
    });
    expect(await makeDemo(tools())).toEqual({ outcome: 'none' });
    expect(await countRows(plan.workspaceId)).toEqual(rows);
  });

  it('never mixes into the workspace of whoever works here, and is never taken for it', async () => {
    expect(await countRows(test.workspaceId)).toEqual(before);
    expect(await findFirstWorkspace(test.store)).toEqual({ workspaceId: test.workspaceId, ownerId: test.ownerId });
  });

  it('is gone altogether when it is removed, however often that is asked', async () => {
    const gone = await Promise.all([
      removeDemo({ store: test.store, folder }),
      removeDemo({ store: test.store, folder }),
    ]);
    expect(gone.map(({ state }) => state)).toEqual(['absent', 'absent']);
    expect(await countRows(plan.workspaceId)).toEqual({});
    expect(await listWorkspaces(test.store)).toEqual([test.workspaceId]);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    expect(await readDemoState(test.store)).toMatchObject({ state: 'absent', plan: null });
    expect(await countRows(test.workspaceId)).toMatchObject(before);
    expect(await removeDemo({ store: test.store, folder })).toMatchObject({ state: 'absent' });
    expect(await makeDemo(tools())).toEqual({ outcome: 'none' });
  });
});

describe('removing a demo that is not finished', { timeout: 120_000 }, () => {
  it('stops whoever makes it, in the middle of reading, and leaves nothing', async () => {
    const { plan } = await orderDemo(test.store, { accountId: null, now });
    const reading = Promise.withResolvers<void>();
    const onProgress: DemoTools['onProgress'] = ({ what }) => {
      if (what === 'Reading commits') reading.resolve();
    };
    const making = makeDemo(tools({ onProgress }));
    await reading.promise;
    await removeDemo({ store: test.store, folder });
    expect(await making).toEqual({ outcome: 'none' });
    expect(await countRows(plan?.workspaceId ?? '')).toEqual({});
    expect(await listWorkspaces(test.store)).toEqual([test.workspaceId]);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    expect(await readDemoState(test.store)).toMatchObject({ state: 'absent' });
  });

  it('finishes a removal that was interrupted, and makes none before that', async () => {
    await orderDemo(test.store, { accountId: null, now });
    await sql`update instance_settings set value = value || '{"state": "removing"}'::jsonb where key = 'demo'`.execute(
      test.store.app,
    );
    await expect(orderDemo(test.store, { accountId: null, now })).rejects.toThrow('being removed');
    expect(await makeDemo(tools())).toEqual({ outcome: 'none' });
    expect(await removeDemo({ store: test.store, folder })).toMatchObject({ state: 'absent' });
  });

  it('says what went wrong, and goes on when it is asked for again', async () => {
    const { plan } = await orderDemo(test.store, { accountId: null, now });
    const failed = await makeDemo(tools({ connectors: new Map() }));
    expect(failed).toMatchObject({ outcome: 'failed', error: { message: 'the git connector is not installed' } });
    expect(await readDemoState(test.store)).toMatchObject({
      state: 'failed',
      error: 'the git connector is not installed',
      lease: null,
    });
    expect(await orderDemo(test.store, { accountId: null, now: new Date() })).toMatchObject({
      state: 'making',
      error: null,
      plan,
    });
    await removeDemo({ store: test.store, folder });
  });

  it('takes over from a maker that was killed once its lease has ended, and not before', async () => {
    await orderDemo(test.store, { accountId: null, now });
    const held = (seconds: number) =>
      sql`
      update instance_settings set value = value || jsonb_build_object('lease',
        jsonb_build_object('owner', 'killed', 'until', extract(epoch from now()) + ${seconds}::integer))
      where key = 'demo'`.execute(test.store.app);
    await held(demoLeaseSeconds);
    expect(await makeDemo(tools())).toEqual({ outcome: 'busy' });
    await held(-1);
    // What it had begun to write is not taken for the whole.
    await mkdir(path.join(folder, 'unfinished-1'), { recursive: true });
    expect(await makeDemo(tools({ connectors: new Map() }))).toMatchObject({ outcome: 'failed' });
    await removeDemo({ store: test.store, folder });
  });
});

describe('whose the demo is', () => {
  it('belongs to the account that asked', async () => {
    const accountId = newId();
    await sql`select save_owner_account(${accountId}, 'Ada', null, null)`.execute(test.store.app);
    expect((await findOwnerAccount(test.store))?.id).toBe(accountId);
    const { plan } = await orderDemo(test.store, { accountId, now });
    await makeDemo(tools({ connectors: new Map() }));
    const members = await test.store.inWorkspace(plan?.workspaceId ?? '', (trx) =>
      trx.selectFrom('account_members').select(['account_id', 'person_id']).execute(),
    );
    expect(members).toEqual([{ account_id: accountId, person_id: plan?.personId }]);
    // There is one for the whole instance: whoever asks later looks at the same, as the same person.
    const guest = await createAccount(test.store.app, {
      name: 'Guest',
      email: null,
      confirmed: false,
      passwordHash: null,
    });
    for (let time = 0; time < 2; time += 1) await enterDemo(test.store, plan?.workspaceId ?? '', guest);
    expect(await listAccountWorkspaces(test.store.app, guest)).toEqual([
      { workspaceId: plan?.workspaceId, personId: plan?.personId, role: 'owner', deactivatedAt: null },
    ]);
    // Only a demo is entered like that.
    await enterDemo(test.store, test.workspaceId, guest);
    expect(await listAccountWorkspaces(test.store.app, guest)).toHaveLength(1);
    await removeDemo({ store: test.store, folder });
  });
});

describe('ensureWorkspace', () => {
  it('makes a workspace to work in where there is only a demo', async () => {
    const alone = await createTestStore();
    try {
      await alone.store.inWorkspace(alone.workspaceId, (trx) =>
        trx.updateTable('workspaces').set({ kind: 'demo' }).execute(),
      );
      await expect(findFirstWorkspace(alone.store)).rejects.toThrow('is gone');
      await ensureWorkspace(alone.store);
      const first = await findFirstWorkspace(alone.store);
      expect(first.workspaceId).not.toBe(alone.workspaceId);
      await ensureWorkspace(alone.store);
      expect(await listWorkspaces(alone.store)).toHaveLength(2);
    } finally {
      await alone.close();
    }
  });
});
