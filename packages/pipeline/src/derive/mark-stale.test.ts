import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitFact } from '@devpulse/contract/facts';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { commitOf, decide, personId, reachOf, repositoryOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { lockFacts, markCommitsStale, markIdentitiesStale, markPeopleStale, markWorkspaceStale } from './mark-stale.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

const ada = { name: 'Ada', email: 'ada@example.org' };
const bob = { name: 'Bob', email: 'bob@example.org' };
const cai = { name: 'Cai', email: 'cai@example.org' };

function told(number: number, at: string, author = ada, coAuthors = [bob]): CommitFact {
  return { ...commitOf(number), author, committer: author, authoredAt: at, committedAt: at, coAuthors };
}

// One instant, three days: the 28th in Los Angeles, the 1st in Kathmandu, the 28th or 1st elsewhere.
const late = told(1, '2026-03-01T07:30:00.000Z');
const alone = told(2, '2026-06-15T12:00:00.000Z', cai, []);

/** Facts in place, nothing stale; Ada lives in Los Angeles, Bob in the workspace's Kathmandu. */
async function prepare(): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  await decide(pipeline.store, pipeline, { decide: 'zone', who: 'email:ada@example.org', zone: 'America/Los_Angeles' });
  await pipeline.send([{ key: 'all', facts: [repositoryOf('a'), late, alone, reachOf('a', [1, 2])] }]);
  await pipeline.drain();
  await pipeline.roll();
  expect(await marksOf(pipeline, () => Promise.resolve())).toEqual([]);
  return pipeline;
}

/** The marks that something leaves, taken back afterwards. */
async function marksOf(pipeline: Pipeline, work: (trx: WorkspaceTransaction) => Promise<void>): Promise<string[]> {
  let marks: string[] = [];
  await pipeline.store
    .inWorkspace(pipeline.workspaceId, async (trx) => {
      await work(trx);
      const { rows } = await sql<{ line: string }>`
        select distinct coalesce(i.name, case when s.subject_id = ${pipeline.ownerId} then 'owner' else s.subject_kind end) || ' ' || s.day as line
        from rollup_stale s left join fact_identities i on i.id = s.subject_id`.execute(trx);
      marks = rows.map((row) => row.line).toSorted();
      throw new Error('taken back');
    })
    .catch((error: Error) => {
      if (error.message !== 'taken back') throw error;
    });
  return marks;
}

const ofLate = ['Ada 2026-02-28', 'Bob 2026-03-01', 'workspace 2026-03-01'];
const ofAlone = ['Cai 2026-06-15', 'workspace 2026-06-15'];

describe('markCommitsStale', () => {
  it('marks the day of everybody credited in their own zone, and of the workspace in its zone', async () => {
    const pipeline = await prepare();
    expect(await marksOf(pipeline, (trx) => markCommitsStale(trx, [late.sha]))).toEqual(ofLate);
    expect(await marksOf(pipeline, (trx) => markCommitsStale(trx, []))).toEqual([]);
    expect(await marksOf(pipeline, (trx) => markCommitsStale(trx, ['unknown']))).toEqual([]);
  });
});

describe('markIdentitiesStale', () => {
  it('marks the days of an identity and of those credited beside it', async () => {
    const pipeline = await prepare();
    const id = personId(pipeline, 'email:bob@example.org');
    expect(await marksOf(pipeline, (trx) => markIdentitiesStale(trx, [id]))).toEqual(ofLate);
    expect(await marksOf(pipeline, (trx) => markIdentitiesStale(trx, []))).toEqual([]);
  });
});

describe('markPeopleStale', () => {
  it('marks the days of all identities of a person, and those that were counted before', async () => {
    const pipeline = await prepare();
    await decide(pipeline.store, pipeline, { decide: 'link', who: 'email:bob@example.org', to: 'owner' });
    await decide(pipeline.store, pipeline, { decide: 'link', who: 'email:cai@example.org', to: 'owner' });
    await pipeline.roll();
    const joined = [
      'Ada 2026-02-28',
      'owner 2026-03-01',
      'owner 2026-06-15',
      'workspace 2026-03-01',
      'workspace 2026-06-15',
    ];
    expect(await marksOf(pipeline, (trx) => markPeopleStale(trx, [pipeline.ownerId]))).toEqual(joined);
    expect(await marksOf(pipeline, (trx) => markPeopleStale(trx, []))).toEqual([]);
    // Somebody whom no fact names any more still has cells.
    const cells = await marksOf(pipeline, async (trx) => {
      await sql`delete from people_links`.execute(trx);
      await markPeopleStale(trx, [pipeline.ownerId]);
    });
    expect(cells).toEqual(['owner 2026-03-01', 'owner 2026-06-15']);
  });
});

describe('markWorkspaceStale', () => {
  it('marks what facts ask for, and what is counted without them', async () => {
    const pipeline = await prepare();
    expect(await marksOf(pipeline, markWorkspaceStale)).toEqual([...ofLate, ...ofAlone].toSorted());
    const marks = await marksOf(pipeline, async (trx) => {
      await sql`delete from fact_commits where sha = ${alone.sha}`.execute(trx);
      await sql`update people set zone = 'Asia/Tokyo' where zone is not null`.execute(trx);
      await markWorkspaceStale(trx);
    });
    expect(marks).toEqual(['Ada 2026-03-01', ...ofLate, ...ofAlone].toSorted());
  });
});

describe('lockFacts', () => {
  it('lets another workspace go on', async () => {
    const one = await base.inNewWorkspace();
    const other = await base.inNewWorkspace();
    const beside = await one.store.inWorkspace(one.workspaceId, async (trx) => {
      await lockFacts(trx);
      return other.store.inWorkspace(other.workspaceId, async (inner) => {
        await lockFacts(inner);
        return 'has its lock';
      });
    });
    expect(beside).toBe('has its lock');
  });

  it('lets a verification go on, which names a lock of its own', async () => {
    const pipeline = await base.inNewWorkspace();
    const { store, workspaceId } = pipeline;
    await store.inWorkspace(workspaceId, async (trx) => {
      await lockFacts(trx);
      await store.inWorkspace(workspaceId, async (inner) => {
        await sql`select set_config('app.facts_lock', 'verification', true)`.execute(inner);
        await lockFacts(inner);
      });
    });
    // The setting ends with its transaction.
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ lock: string }>`select coalesce(current_setting('app.facts_lock', true), '') as lock`.execute(trx),
    );
    expect(rows).toEqual([{ lock: '' }]);
  });
});
