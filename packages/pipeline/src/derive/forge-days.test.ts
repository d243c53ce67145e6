import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { anyFact, forgeShapes } from '../testing/forge-facts.ts';
import { forgeMetrics } from '../testing/forge-metrics.ts';
import { commitOf, decide, type Decision } from '../testing/history.ts';
import { readNumbers, rebuildDays } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { bob, commitAt, forge, listOf, mergedOf, pullOf, reviewOf, robot, shaOf } from '../testing/thread.ts';

const usualRuns = 15;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: forgeMetrics });
});
afterAll(() => base.close());

async function tell(pipeline: Pipeline, key: string, ...facts: Fact[]): Promise<void> {
  await pipeline.send([{ key, facts }]);
  await pipeline.drain();
}

/** The marks there are, by name of who has the day; they are taken away. */
async function takeMarks(pipeline: Pipeline): Promise<string[]> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{ line: string }>`
      with taken as (delete from rollup_stale where workspace_id = ${pipeline.workspaceId} returning *)
      select distinct coalesce(i.login, s.subject_kind) || ' ' || s.day as line
      from taken s left join fact_identities i on i.workspace_id = s.workspace_id and i.id = s.subject_id`.execute(trx),
  );
  return rows.map((row) => row.line).toSorted();
}

const who = fc.constantFrom('id:7', 'id:8', 'id:9', 'email:ada@example.org');
const kind = fc.constantFrom('person' as const, 'automation' as const, 'agent' as const);
const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({ decide: fc.constant('link' as const), who, to: fc.oneof(who, fc.constant('owner')) }),
  fc.record({ decide: fc.constant('unlink' as const), who }),
  fc.record({
    decide: fc.constant('zone' as const),
    who: fc.oneof(who, fc.constantFrom('owner', 'workspace')),
    zone: fc.constantFrom('America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
  }),
  fc.record({ decide: fc.constant('override' as const), who, kind: fc.option(kind) }),
);
const shapes = new Map(forgeShapes.map((shape) => [shape.shape['fact'], shape]));
const inThreads = [...shapes.values()].slice(0, 11).map(anyFact);
const step: fc.Arbitrary<{ facts: Fact[] } | Decision> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof(...inThreads), { minLength: 1, maxLength: 5 }).map((facts) => ({ facts })),
  },
  { weight: 2, arbitrary: fc.constantFrom(1, 2, 3).map((number) => ({ facts: [commitOf(number) as Fact] })) },
  { weight: 2, arbitrary: decision },
);

describe('days of what a forge tells', () => {
  it(
    'are the same counted step by step as counted anew at the end',
    async () => {
      // Facts of every step are told from the first one on, so that later ones change something.
      const begin = fc
        .tuple(...inThreads.map((one) => fc.array(one, { minLength: 1, maxLength: 3 })))
        .map((all) => all.flat());
      await checkProperty(
        fc.asyncProperty(begin, fc.array(step, { minLength: 1, maxLength: 7 }), async (first, steps) => {
          const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
          await tell(pipeline, 'first', ...first);
          await pipeline.roll();
          for (const [index, one] of steps.entries()) {
            if ('facts' in one) await tell(pipeline, `${index}`, ...one.facts);
            else await decide(pipeline.store, pipeline, one);
            await pipeline.roll();
          }
          const { days } = await readNumbers(pipeline);
          await rebuildDays(pipeline);
          expect((await readNumbers(pipeline)).days).toEqual(days);
        }),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );

  it('are marked for everybody in a thread, both as it was and as it is', async () => {
    const pipeline = await base.inNewWorkspace();
    await tell(pipeline, 'opened', pullOf());
    expect(await takeMarks(pipeline)).toEqual(['ada 2026-05-01', 'workspace 2026-05-01']);
    await tell(pipeline, 'merged', mergedOf('2026-05-03T10:00:00.000Z'));
    const both = ['ada 2026-05-01', 'ada 2026-05-03', 'workspace 2026-05-01', 'workspace 2026-05-03'];
    expect(await takeMarks(pipeline)).toEqual(both);
    // Who reviewed it is a number of whoever opened it, on the day it was merged.
    await tell(pipeline, 'reviewed', reviewOf());
    const reviewed = [...both, 'bob 2026-05-02', 'workspace 2026-05-02'].toSorted();
    expect(await takeMarks(pipeline)).toEqual(reviewed);
    await tell(pipeline, 'corrected', mergedOf('2026-05-04T10:00:00.000Z'));
    expect(await takeMarks(pipeline)).toEqual([...reviewed, 'ada 2026-05-04', 'workspace 2026-05-04'].toSorted());
    await tell(pipeline, 'dismissed', { fact: 'gone', repository: forge, what: 'review', id: '11' });
    expect(await takeMarks(pipeline)).toEqual([
      'ada 2026-05-01',
      'ada 2026-05-04',
      'bob 2026-05-02',
      'workspace 2026-05-01',
      'workspace 2026-05-02',
      'workspace 2026-05-04',
    ]);
    // The same said later is nothing new.
    await tell(pipeline, 'again', { ...mergedOf('2026-05-04T10:00:00.000Z'), seenAt: '2026-06-01T00:00:00.000Z' });
    expect(await takeMarks(pipeline)).toEqual([]);
  });

  it('are marked when a commit of a pull request becomes known, and when its maker turns out to be a machine', async () => {
    const pipeline = await base.inNewWorkspace();
    const sha = shaOf('c1');
    await tell(pipeline, 'all', mergedOf('2026-05-03T10:00:00.000Z'), listOf(shaOf('aa'), [sha]));
    await takeMarks(pipeline);
    await tell(
      pipeline,
      'commit',
      commitAt(sha, '2026-04-20T10:00:00.000Z', { author: bob, committer: bob, coAuthors: [robot] }),
    );
    const expected = ['ada 2026-05-01', 'ada 2026-05-03', 'bob 2026-04-20', 'robot[bot] 2026-04-20'];
    const days = ['workspace 2026-04-20', 'workspace 2026-05-01', 'workspace 2026-05-03'];
    expect(await takeMarks(pipeline)).toEqual([...expected, ...days]);
    await decide(pipeline.store, pipeline, { decide: 'override', who: 'id:4', kind: 'agent' });
    expect(await takeMarks(pipeline)).toEqual([...expected, ...days]);
  });

  it('are marked when a reviewer turns out to be a machine, or the author in other clothes', async () => {
    const pipeline = await base.inNewWorkspace();
    await tell(pipeline, 'all', mergedOf('2026-05-03T10:00:00.000Z'), reviewOf());
    await takeMarks(pipeline);
    await decide(pipeline.store, pipeline, { decide: 'override', who: 'id:2', kind: 'automation' });
    const everything = ['ada 2026-05-01', 'ada 2026-05-03', 'bob 2026-05-02'];
    const days = ['workspace 2026-05-01', 'workspace 2026-05-02', 'workspace 2026-05-03'];
    expect(await takeMarks(pipeline)).toEqual([...everything, ...days]);
    await decide(pipeline.store, pipeline, { decide: 'link', who: 'id:2', to: 'id:1' });
    expect(await takeMarks(pipeline)).toEqual([
      'ada 2026-05-01',
      'ada 2026-05-02',
      'ada 2026-05-03',
      'bob 2026-05-02',
      ...days,
    ]);
  });

  it('are marked for the workspace alone where nobody did anything', async () => {
    const pipeline = await base.inNewWorkspace();
    await tell(
      pipeline,
      'levels',
      {
        fact: 'level',
        repository: forge,
        level: 'stars',
        day: '2026-05-01',
        value: 3,
        observedAt: '2026-05-01T23:00:00.000Z',
      },
      {
        fact: 'star',
        repository: forge,
        user: bob,
        isStarred: true,
        at: '2026-05-02T10:00:00.000Z',
        observedAt: '2026-05-02T10:00:00.000Z',
      },
    );
    expect(await takeMarks(pipeline)).toEqual(['workspace 2026-05-01', 'workspace 2026-05-02']);
  });
});
