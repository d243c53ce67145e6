import { sql } from 'kysely';
import type { CommitFact, Fact, IdentityRef } from '@devpulse/contract/facts';
import type { LoadedMetric } from '@devpulse/contract/metric';
import { stableId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { createTestStore } from '@devpulse/db/testing/test-store';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { loadMetrics } from '../../runtime/load-extensions.ts';
import { addFacts } from '../../testing/add-facts.ts';

/** One commit as tests tell of it; the rest is made up. */
export interface ToldCommit {
  /** `Name <email>`, as git writes it, or what a platform says. */
  by: string | IdentityRef;
  /** ISO instant; left out: 2026-03-02, noon. */
  at?: string;
  with?: (string | IdentityRef)[];
}

/** A workspace of its own for one test, in the database that the file shares. */
export interface TestWorkspace {
  store: Store;
  workspaceId: string;
  ownerId: string;
  metrics: ReadonlyMap<string, LoadedMetric>;
  /** Derives facts from commits, as the pipeline does. */
  tell(commits: ToldCommit[], source?: string): Promise<void>;
  /** The id of whom the source names so. */
  id(who: string | IdentityRef, source?: string): string;
  /** Recomputes what is stale and returns the commits per person and day, as the rollups have them. */
  count(): Promise<Record<string, Record<string, number>>>;
  /** How many days wait for being recomputed. */
  staleDays(): Promise<number>;
}

/** Opens one database for a test file. */
export async function openPeopleWorld(): Promise<{
  store: Store;
  fresh(zone?: string): Promise<TestWorkspace>;
  close(): Promise<void>;
}> {
  const test = await createTestStore();
  return {
    store: test.store,
    fresh: async (zone = 'UTC') => openWorkspace(test.store, await test.addWorkspace({ zone })),
    close: () => test.close(),
  };
}

function openWorkspace(store: Store, ids: { workspaceId: string; ownerId: string }): TestWorkspace {
  const { workspaceId } = ids;
  const metrics = loadMetrics();
  let told = 0;
  return {
    store,
    ...ids,
    metrics,
    tell: async (commits, source = 'git') => {
      const facts = commits.map((commit) => {
        told += 1;
        return shapeCommit(commit, told);
      });
      await derive(store, { workspaceId, source }, facts);
    },
    id: (who, source = 'git') => stableId('identity', workspaceId, source, identityKey(toRef(who))),
    count: async () => {
      await rollUp({ store, metrics }, workspaceId);
      return readCommits(store, workspaceId);
    },
    staleDays: async () => {
      const { rows } = await store.inWorkspace(workspaceId, (trx) =>
        sql<{ days: number }>`select count(*) as days from rollup_stale`.execute(trx),
      );
      return Number(rows[0]?.days);
    },
  };
}

function shapeCommit(commit: ToldCommit, number: number): CommitFact {
  const at = commit.at ?? '2026-03-02T12:00:00.000Z';
  return {
    fact: 'commit',
    sha: number.toString(16).padStart(40, '0'),
    author: toRef(commit.by),
    authoredAt: at,
    authoredOffsetMinutes: 0,
    committer: toRef(commit.by),
    committedAt: at,
    committedOffsetMinutes: 0,
    parents: [],
    subject: `Commit ${number}`,
    coAuthors: (commit.with ?? []).map(toRef),
    files: [],
    fidelity: 30,
  };
}

function toRef(who: string | IdentityRef): IdentityRef {
  if (typeof who !== 'string') return who;
  const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(who) ?? [];
  return { name, email };
}

async function derive(
  store: Store,
  origin: { workspaceId: string; source: string },
  commits: CommitFact[],
): Promise<void> {
  const repository = 'a repository';
  const facts: Fact[] = [
    ...commits,
    {
      fact: 'repository',
      key: repository,
      name: repository,
      url: null,
      defaultBranch: null,
      state: 'active',
      observedAt: '2026-01-01T00:00:00.000Z',
    },
    { fact: 'reach', repository, snapshot: 1, reachable: true, shas: commits.map((commit) => commit.sha) },
  ];
  await addFacts(store, origin, facts);
}

async function readCommits(store: Store, workspaceId: string): Promise<Record<string, Record<string, number>>> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ subject_id: string; day: string; commits: number }>`
      select subject_id, day, sum(value) as commits from rollup_days
      where metric = 'commits' and subject_kind = 'person' and resource_id = '00000000-0000-0000-0000-000000000000'
      group by subject_id, day order by subject_id, day`.execute(trx),
  );
  const counts: Record<string, Record<string, number>> = {};
  for (const row of rows) counts[row.subject_id] = { ...counts[row.subject_id], [row.day]: row.commits };
  return counts;
}
