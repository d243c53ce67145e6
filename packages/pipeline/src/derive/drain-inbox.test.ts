import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitFact, Fact } from '@devpulse/contract/facts';
import { createPipeline, dumpNumbers, type Pipeline } from '../testing/pipeline-bench.ts';
import { markWorkspaceStale } from './mark-stale.ts';

const zones = ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Havana'];
const authors = [
  { name: 'Ada', email: 'ada@example.org' },
  { name: 'Ada L.', email: 'ADA@example.org' },
  { name: 'Bob', email: 'bob@example.org' },
  { name: 'dependabot[bot]', email: 'bot@example.org' },
];

function commitFact(seed: number, fidelity = 30): CommitFact {
  const at = new Date(Date.UTC(2026, 2, 1) + (seed % 500) * 7_919_000).toISOString();
  const author = authors[seed % authors.length] ?? {};
  return {
    fact: 'commit',
    sha: seed.toString(16).padStart(40, '0'),
    author,
    authoredAt: at,
    authoredOffsetMinutes: 60,
    committer: author,
    committedAt: at,
    committedOffsetMinutes: 60,
    parents: [],
    subject: `change ${seed}`,
    coAuthors: seed % 5 === 0 ? [authors[(seed + 2) % authors.length] ?? {}] : [],
    files: fidelity < 30 ? null : [
      { path: 'src/a.ts', previousPath: null, additions: seed % 17, deletions: 1, isBinary: false, isSubmodule: false },
      { path: 'package-lock.json', previousPath: null, additions: 100, deletions: 0, isBinary: false, isSubmodule: false },
    ],
    fidelity,
  };
}

const factArbitrary: fc.Arbitrary<Fact[]> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ seed: fc.nat(60), full: fc.boolean() }).map(({ seed, full }) => [commitFact(seed, full ? 30 : 20)]) },
  {
    weight: 4,
    arbitrary: fc
      .record({ seeds: fc.array(fc.nat(60), { maxLength: 12 }), snapshot: fc.integer({ min: 1, max: 6 }), reachable: fc.boolean(), repo: fc.constantFrom('a', 'b') })
      .map(({ seeds, snapshot, reachable, repo }) => [
        // One look finds a commit either reachable or not: the two kinds of looks have snapshots of their own.
        { fact: 'reach', repository: repo, snapshot: snapshot * 2 + Number(reachable), reachable, shas: [...new Set(seeds)].map((seed) => seed.toString(16).padStart(40, '0')) },
      ]),
  },
  { weight: 1, arbitrary: fc.record({ snapshot: fc.integer({ min: 1, max: 10 }), repo: fc.constantFrom('a', 'b') }).map(({ snapshot, repo }) => [{ fact: 'reach-baseline', repository: repo, snapshot }]) },
  {
    weight: 1,
    arbitrary: fc.record({ minute: fc.nat(3), name: fc.constantFrom('one', 'two'), repo: fc.constantFrom('a', 'b') }).map(({ minute, name, repo }) => [
      { fact: 'repository', key: repo, name, url: null, defaultBranch: 'main', state: 'active', observedAt: `2026-03-01T00:0${minute}:00.000Z` },
    ]),
  },
);

let pipelines: Pipeline[] = [];

beforeAll(async () => {
  pipelines = [await createPipeline({ zone: 'Asia/Kathmandu' })];
});
afterAll(async () => {
  await Promise.all(pipelines.map((pipeline) => pipeline.close()));
});

async function inNewWorkspace(pipeline: Pipeline, zone: string): Promise<Pipeline> {
  const { workspaceId, ownerId } = await pipeline.addWorkspace({ zone });
  const scoped = { ...pipeline, workspaceId, ownerId };
  const { drainInbox } = await import('./drain-inbox.ts');
  const { rollUp } = await import('../rollup/roll-up.ts');
  return {
    ...scoped,
    send: async (events) => {
      await pipeline.capture.add(
        events.map(({ key, kind = 'facts', facts = [] }) => ({ workspaceId, source: 'plain', key, kind, arrival: 'push' as const, body: Buffer.from(JSON.stringify(facts)) })),
      );
    },
    drain: async (options = {}) => {
      const all = { store: pipeline.store, pools: pipeline.pools, log: () => undefined, ...options };
      const fresh = await drainInbox(all, workspaceId, 'fresh');
      await drainInbox(all, workspaceId, 'retry');
      return fresh;
    },
    roll: async () => (await rollUp({ store: pipeline.store, metrics: pipeline.metrics }, workspaceId)).cells,
  };
}

/** Ids are made of the workspace, so numbers of two workspaces are compared without them. */
function comparable(lines: string[], workspaceId: string): string[] {
  const names = new Map<string, string>();
  return lines
    .map((line) => line.replaceAll(workspaceId, 'workspace'))
    .toSorted((a, b) => (a.replaceAll(/[0-9a-f-]{36}/g, '') < b.replaceAll(/[0-9a-f-]{36}/g, '') ? -1 : 1))
    .map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const known = names.get(id) ?? `id${names.size}`;
      names.set(id, known);
      return known;
    }));
}

async function summary(pipeline: Pipeline): Promise<unknown> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`
      select d.subject_kind, coalesce(i.external_key, 'workspace') as who, d.metric, coalesce(r.external_key, '') as resource,
             d.day, d.part, d.n, d.value, d.samples
      from rollup_days d
      left join fact_identities i on i.id = d.subject_id
      left join fact_repositories r on r.id = d.resource_id
      order by 1, 2, 3, 4, 5, 6`.execute(trx),
  );
  const facts = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`select sha, fidelity, files_changed, (select count(*) from fact_commit_files f where f.sha = c.sha)::int as files from fact_commits c order by sha`.execute(trx),
  );
  const identities = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`select external_key, name, kind, first_seen_at, last_seen_at from fact_identities order by external_key`.execute(trx),
  );
  const repositories = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`select external_key, name, reach_baseline from fact_repositories order by external_key`.execute(trx),
  );
  return { days: rows, facts: facts.rows, identities: identities.rows, repositories: repositories.rows };
}

async function rebuild(pipeline: Pipeline): Promise<void> {
  await pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    await sql`delete from rollup_days`.execute(trx);
    await sql`delete from rollup_stale`.execute(trx);
    await markWorkspaceStale(trx);
  });
  await pipeline.roll();
}

describe('derive and rollup', () => {
  it('give the same numbers for any order, repetition, batch size and interruption of the same events', async () => {
    const [base] = pipelines;
    if (base === undefined) throw new Error('no pipeline');
    await fc.assert(
      fc.asyncProperty(
        fc.array(factArbitrary, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(...zones),
        fc.infiniteStream(fc.nat(1_000_000)),
        fc.integer({ min: 1, max: 7 }),
        async (events, zone, dice, batchSize) => {
          const roll = (sides: number): number => (dice.next().value ?? 0) % sides;
          const straight = await inNewWorkspace(base, zone);
          await straight.send(events.map((facts, index) => ({ key: `e${index}`, facts })));
          await straight.drain();
          await straight.roll();

          const crooked = await inNewWorkspace(base, zone);
          const order = events.map((facts, index) => ({ key: `e${index}`, facts })).toSorted(() => roll(3) - 1);
          for (let start = 0; start < order.length; ) {
            const size = 1 + roll(5);
            const slice = order.slice(start, start + size);
            await crooked.send([...slice, ...slice.slice(0, roll(3))]);
            if (roll(2) === 0) await crashSomewhere(crooked, batchSize, ['claimed', 'parsed', 'applied'][roll(3)] ?? 'parsed');
            if (roll(2) === 0) await crooked.drain({ batchSize });
            if (roll(2) === 0) await crooked.roll();
            start += size;
          }
          await crooked.drain({ batchSize });
          await crooked.roll();
          const incremental = await summary(crooked);
          expect(incremental).toEqual(await summary(straight));
          await rebuild(crooked);
          expect(await summary(crooked)).toEqual(incremental);
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 25) },
    );
  });

  it('replays known events without changing or marking anything', async () => {
    const [base] = pipelines;
    if (base === undefined) throw new Error('no pipeline');
    const pipeline = await inNewWorkspace(base, 'UTC');
    await pipeline.send([
      { key: 'r', facts: [{ fact: 'repository', key: 'a', name: 'a', url: null, defaultBranch: null, state: 'active', observedAt: '2026-03-01T00:00:00.000Z' }] },
      { key: 'c', facts: [commitFact(1), commitFact(2), commitFact(5)] },
      { key: 'x', facts: [{ fact: 'reach', repository: 'a', snapshot: 1, reachable: true, shas: [1, 2, 5].map((seed) => commitFact(seed).sha) }] },
    ]);
    await pipeline.drain();
    expect(await pipeline.roll()).toBeGreaterThan(0);
    const before = comparable(await dumpNumbers(pipeline.store, pipeline.workspaceId), pipeline.workspaceId);
    const { replayRawEvents } = await import('../capture/read-events.ts');
    expect((await replayRawEvents({ store: pipeline.store, workspaceId: pipeline.workspaceId })).replayed).toBe(3);
    await pipeline.drain();
    expect(await pipeline.roll()).toBe(0);
    expect(comparable(await dumpNumbers(pipeline.store, pipeline.workspaceId), pipeline.workspaceId)).toEqual(before);
  });
});

class Crash extends Error {}

async function crashSomewhere(pipeline: Pipeline, batchSize: number, step: string): Promise<void> {
  try {
    await pipeline.drain({
      batchSize,
      onStep: (at) => {
        if (at === step) throw new Crash();
      },
    });
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  // The vanished worker's lease runs out.
  await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`update raw_events set lease_until = now() - interval '1 second' where state = 'leased'`.execute(trx),
  );
}
