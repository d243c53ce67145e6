import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { decide } from '../testing/history.ts';
import {
  ada,
  bob,
  commitAt,
  forge,
  listOf,
  momentOf,
  pullOf,
  reviewOf,
  robot,
  shaOf,
  timelineOf,
} from '../testing/thread.ts';
import { repositoryId } from './shape-identities.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

async function tell(...facts: Fact[]): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace();
  await pipeline.send([{ key: 'all', facts }]);
  await pipeline.drain();
  return pipeline;
}

async function see(pipeline: Pipeline, lens: string, columns: string): Promise<unknown[]> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`select ${sql.raw(columns)} from ${sql.table(lens)} where workspace_id = ${pipeline.workspaceId} order by 1`.execute(
      trx,
    ),
  );
  return rows;
}

const noon = '2026-05-01T12:00:00.000Z';

describe('lens_moments', () => {
  const live = momentOf({ kind: 'ready', at: '2026-05-01T12:00:03.000Z' });
  const later = momentOf({ kind: 'closed', at: '2026-05-01T14:00:00.000Z' });
  const pushed = momentOf({ kind: 'head_pushed', at: '2026-05-01T11:00:00.000Z', subject: shaOf('aa') });
  const look = timelineOf('2026-05-01T13:00:00.000Z', [{ kind: 'ready', at: noon, actor: ada, subject: '' }]);

  it('takes a look at the whole thread before what live events told up to then, but for pushes', async () => {
    const kinds = async (...facts: Fact[]): Promise<unknown[]> => see(await tell(...facts), 'lens_moments', 'at, kind');
    expect(await kinds(live, later, pushed)).toHaveLength(3);
    expect(await kinds(live, later, pushed, look)).toEqual([
      { at: new Date(pushed.at), kind: 'head_pushed' },
      { at: new Date(noon), kind: 'ready' },
      { at: new Date(later.at), kind: 'closed' },
    ]);
    expect(await kinds({ ...look, number: 2 }, live)).toHaveLength(2);
    // At the very instant of the look the look knows it.
    expect(await kinds(timelineOf(live.at, []), live)).toEqual([]);
  });
});

describe('lens_reviews', () => {
  it('keeps what a review said, and tells beside it that it was dismissed', async () => {
    const dismissed: Fact = { fact: 'gone', repository: forge, what: 'review', id: '11' };
    const pipeline = await tell(
      reviewOf(),
      reviewOf({ said: 'unknown' }),
      dismissed,
      reviewOf({ id: '12', reviewer: robot }),
    );
    expect(await see(pipeline, 'lens_reviews', 'id, said, is_dismissed, kind')).toEqual([
      { id: '11', said: 'approved', is_dismissed: true, kind: 'person' },
      { id: '12', said: 'approved', is_dismissed: false, kind: 'person' },
    ]);
  });
});

describe('what is gone', () => {
  it('is in no lens', async () => {
    const comment = (id: string): Fact => ({
      fact: 'comment',
      repository: forge,
      number: 1,
      place: 'thread',
      id,
      author: bob,
      createdAt: noon,
      updatedAt: noon,
      seenAt: noon,
      review: null,
    });
    const gone = (what: 'comment' | 'issue', id: string): Fact => ({ fact: 'gone', repository: forge, what, id });
    const pipeline = await tell(
      pullOf(),
      pullOf({ number: 2 }),
      comment('thread:1'),
      comment('thread:2'),
      gone('comment', 'thread:2'),
      gone('issue', '2'),
    );
    expect(await see(pipeline, 'lens_comments', 'id')).toEqual([{ id: 'thread:1' }]);
    expect(await see(pipeline, 'lens_pull_requests', 'number')).toEqual([{ number: 1 }]);
  });
});

describe('lens_first_commits', () => {
  it('is the earliest author date of the pull request’s own commits, at any of its heads', async () => {
    const [one, two, merge, old, after] = ['1', '2', '3', '4', '5'].map((digit) => shaOf(`c${digit}`)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const pipeline = await tell(
      pullOf(),
      // Pushed over since, and still when the work began.
      listOf(shaOf('ab'), [one, old]),
      listOf(shaOf('aa'), [two, merge, after, shaOf('unknown')]),
      commitAt(one, '2026-04-20T10:00:00.000Z'),
      commitAt(two, '2026-04-25T10:00:00.000Z'),
      commitAt(merge, '2026-04-10T10:00:00.000Z', { parents: ['p', 'q'] }),
      commitAt(old, '2026-01-10T10:00:00.000Z'),
      commitAt(after, '2026-05-03T10:00:00.000Z'),
      pullOf({ number: 2 }),
    );
    expect(await see(pipeline, 'lens_first_commits', 'number, first_commit_at, commits')).toEqual([
      { number: 1, first_commit_at: new Date('2026-04-20T10:00:00.000Z'), commits: 2 },
    ]);
  });
});

describe('lens_changes', () => {
  const [one, two] = [shaOf('c1'), shaOf('c2')];
  const agent = robot;

  it.each<[string, Fact[], string, RegExp]>([
    ['nothing', [pullOf()], 'human', /no sign of a machine/],
    [
      'its author',
      [pullOf({ author: agent, marks: ['assisted:co-author Claude'] })],
      'agent',
      /opened by: decided: a test/,
    ],
    [
      'a mark of an agent',
      [pullOf({ marks: ['assisted:co-author Claude', 'agent:branch copilot/'] })],
      'agent',
      /^branch copilot\/$/,
    ],
    ['a mark of help', [pullOf({ marks: ['assisted:co-author Claude'] })], 'assisted', /^co-author Claude$/],
    ['a mark of another machine', [pullOf({ marks: ['automation:branch renovate/'] })], 'automation', /renovate/],
    [
      'commits that an agent wrote, all of them',
      [
        pullOf(),
        listOf(shaOf('aa'), [one, two]),
        commitAt(one, noon, { author: agent }),
        commitAt(two, noon, { author: agent, coAuthors: [ada] }),
      ],
      'agent',
      /all its commits/,
    ],
    [
      'commits that an agent wrote, some of them',
      [pullOf(), listOf(shaOf('aa'), [one, two]), commitAt(one, noon, { author: agent }), commitAt(two, noon)],
      'assisted',
      /credited/,
    ],
    [
      'a co-author',
      [pullOf(), listOf(shaOf('aa'), [one]), commitAt(one, noon, { coAuthors: [agent] })],
      'assisted',
      /credited/,
    ],
    [
      'what was pushed over no longer',
      [pullOf(), listOf(shaOf('bb'), [one]), commitAt(one, noon, { author: agent })],
      'human',
      /no sign/,
    ],
  ])('is told by %s', async (_name, facts, kind, signal) => {
    const pipeline = await tell(...facts);
    await decide(pipeline.store, pipeline, { decide: 'override', who: 'id:4', kind: 'agent' });
    expect(await see(pipeline, 'lens_changes', 'kind, signal')).toEqual([
      { kind, signal: expect.stringMatching(signal) },
    ]);
  });

  it('is what somebody decided, until that is undone', async () => {
    const pipeline = await tell(pullOf({ marks: ['agent:branch copilot/'] }));
    const { store, workspaceId } = pipeline;
    const repository = repositoryId({ workspaceId, source: 'plain' }, forge);
    await store.inWorkspace(workspaceId, (trx) =>
      sql`insert into people_change_overrides (workspace_id, repository_id, number, kind, reason)
          values (${workspaceId}, ${repository}, 1, 'human', 'written by hand')`.execute(trx),
    );
    expect(await see(pipeline, 'lens_changes', 'kind, signal')).toEqual([
      { kind: 'human', signal: 'decided: written by hand' },
    ]);
    await store.inWorkspace(workspaceId, (trx) =>
      sql`delete from people_change_overrides where workspace_id = ${workspaceId}`.execute(trx),
    );
    expect(await see(pipeline, 'lens_changes', 'kind')).toEqual([{ kind: 'agent' }]);
  });
});
