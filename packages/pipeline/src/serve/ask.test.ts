import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fact } from '@devpulse/contract/facts';
import { defineWidget } from '@devpulse/contract/widget';
import type { WidgetAnswer, WidgetQuery } from '@devpulse/contract/wire/widgets';
import { repositoryId } from '../derive/shape-identities.ts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, decide, people, reachOf, repositoryOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { askWidget, type LoadedWidget, type WidgetQueryOf } from './ask.ts';

const widget = defineWidget({
  id: 'test_tile',
  title: 'A tile',
  summary: 'Says what it was handed.',
  params: z.object({ limit: z.number().int().min(1).max(50).default(2) }),
  result: z.object({ commits: z.number().nullable(), before: z.number().nullable(), newest: z.array(z.string()) }),
  metrics: ['test_commits'],
  subjects: ['person', 'workspace'],
  span: { wide: 3, middle: 3, rows: 2 },
});

const query: WidgetQueryOf<typeof widget> = async (ask, { limit }) => {
  const commits = await ask.metric('test_commits');
  const before = await ask.metric('test_commits', { from: '2020-01-01', to: '2020-01-31' });
  const records = await ask.records('test_commits', { limit });
  return {
    commits: commits.values[0]?.value ?? null,
    before: before.values[0]?.value ?? null,
    newest: records.map(({ item }) => item.slice(-2)),
  };
};
const tile: LoadedWidget = { widget, query };

const ada = { name: 'Ada', email: 'ada@example.org' };
let base: Pipeline;
let told: Pipeline;

function commit(number: number, at: string): Fact {
  return { ...commitOf(number), author: ada, committer: ada, authoredAt: at, committedAt: at, coAuthors: [] };
}

beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
  told = await base.inNewWorkspace({ zone: 'Asia/Tokyo' });
  const facts = [
    commit(1, '2026-01-05T10:00:00.000Z'),
    commit(2, '2026-03-01T10:00:00.000Z'),
    // The 11th in Tokyo.
    commit(3, '2026-03-10T20:00:00.000Z'),
  ];
  await told.send([
    { key: 'all', facts: [repositoryOf('a'), repositoryOf('b'), ...facts, reachOf('a', [1, 2]), reachOf('b', [2, 3])] },
  ]);
  await told.drain();
  await told.roll();
});
afterAll(() => base.close());

function fill(pipeline: Pipeline, more: Partial<WidgetQuery> = {}, loaded: LoadedWidget = tile): Promise<WidgetAnswer> {
  return askWidget({
    store: pipeline.store,
    metrics: engineMetrics,
    viewer: { workspaceId: pipeline.workspaceId, personId: pipeline.ownerId },
    loaded,
    query: { subject: 'workspace', ...more },
    now: new Date('2026-03-11T03:00:00Z'),
  });
}

describe('askWidget', () => {
  it('hands the query the days, the zone and the defaults of its settings', async () => {
    expect(await fill(told)).toMatchObject({
      widget: 'test_tile',
      title: 'A tile',
      subject: { kind: 'workspace', zone: 'Asia/Tokyo' },
      from: '2025-03-12',
      to: '2026-03-11',
      today: '2026-03-11',
      weekStart: 1,
      resource: null,
      result: { commits: 3, before: 0, newest: ['03', '02'] },
    });
  });

  it('asks about the days and the repository of the tile', async () => {
    const resource = repositoryId({ workspaceId: told.workspaceId, source: 'plain' }, 'a');
    const answer = await fill(told, { from: '2026-02-01', to: '2026-03-31', resource });
    expect(answer).toMatchObject({ resource, result: { commits: 1, newest: ['02'] } });
  });

  it('reads as many newest records as are asked for, however far back they lie', async () => {
    const newest = async (limit: number): Promise<unknown> =>
      (await fill(told, { params: JSON.stringify({ limit }) })).result;
    expect(await newest(1)).toMatchObject({ newest: ['03'] });
    expect(await newest(3)).toMatchObject({ newest: ['03', '02', '01'] });
    expect((await fill(told, { to: '2026-03-05' })).result).toMatchObject({ newest: ['02', '01'] });
  });

  it('takes the worst state of all it asked, and is empty only when all of it is', async () => {
    expect((await fill(told)).state).toBe('ok');
    const nothing = await fill(told, { from: '2021-01-01', to: '2021-02-01' });
    expect(nothing).toMatchObject({ state: 'empty', result: { commits: 0, newest: [] } });
    const behind = await base.inNewWorkspace();
    await behind.send([
      { key: 'one', facts: [repositoryOf('a'), commit(1, '2026-03-01T10:00:00.000Z'), reachOf('a', [1])] },
    ]);
    await behind.drain();
    await behind.roll();
    await behind.send([{ key: 'two', facts: [repositoryOf('a', 'renamed', 3)] }]);
    expect(await fill(behind)).toMatchObject({ state: 'stale', stateReason: '1 newer event to be worked in' });
  });

  it('has no result where nobody has looked, least of all zeros', async () => {
    expect(await fill(await base.inNewWorkspace())).toMatchObject({
      state: 'unknown',
      stateReason: 'no source has been read yet',
      asOf: null,
      result: null,
    });
    expect(await fill(told, { subject: 'me' })).toMatchObject({ state: 'unknown', result: null });
  });

  it('has no zeros while nothing was counted of what was read', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([
      { key: 'one', facts: [repositoryOf('a'), commit(1, '2026-03-01T10:00:00.000Z'), reachOf('a', [1])] },
    ]);
    expect(await fill(pipeline)).toMatchObject({ state: 'stale', result: { commits: null, before: null, newest: [] } });
    await pipeline.drain();
    // Nothing waits that could belong to a month of 2020: that zero is true.
    expect(await fill(pipeline)).toMatchObject({
      state: 'stale',
      result: { commits: null, before: 0, newest: ['01'] },
    });
    await pipeline.roll();
    expect(await fill(pipeline)).toMatchObject({ state: 'ok', result: { commits: 1, before: 0, newest: ['01'] } });
  });

  it('asks for the person that was asked about', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([
      { key: 'one', facts: [repositoryOf('a'), commit(1, '2026-03-01T10:00:00.000Z'), reachOf('a', [1])] },
    ]);
    await pipeline.drain();
    await decide(pipeline.store, pipeline, { decide: 'link', who: people[0] ?? '', to: 'owner' });
    await pipeline.roll();
    expect(await fill(pipeline, { subject: 'me' })).toMatchObject({
      state: 'ok',
      subject: { kind: 'person', id: pipeline.ownerId },
      result: { commits: 1 },
    });
    await expect(fill(told, { subject: `person:${pipeline.ownerId}` })).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['{', 'params'],
    ['[]', 'params'],
    ['{"limit":0}', 'params.limit'],
    ['{"limit":"2"}', 'params.limit'],
    ['{"limits":2}', 'params'],
  ])('refuses the settings %s, and says where', async (params, path) => {
    await expect(fill(told, { params })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: expect.arrayContaining([expect.objectContaining({ path })]) as unknown,
    });
  });

  it('refuses a subject that the tile is not about, and a repository that is not there', async () => {
    const personal = { widget: { ...widget, subjects: ['person' as const] }, query };
    await expect(fill(told, {}, personal)).rejects.toMatchObject({ code: 'invalid_request' });
    const resource = repositoryId({ workspaceId: base.workspaceId, source: 'plain' }, 'a');
    await expect(fill(told, { resource })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('does not pass on what the manifest does not declare, nor lets a metric be asked that it does not name', async () => {
    const undeclared: LoadedWidget = { widget, query: async (asked) => ({ ...(await asked.metric('test_commits')) }) };
    await expect(fill(told, {}, undeclared)).rejects.toThrow('answers what its manifest does not declare');
    const unnamed: LoadedWidget = { widget, query: async (asked) => asked.metric('test_lines') };
    await expect(fill(told, {}, unnamed)).rejects.toThrow('asks "test_lines", which its manifest does not name');
  });

  it('has no records of what is derived', async () => {
    const derived: LoadedWidget = {
      widget: { ...widget, metrics: ['test_busy_days'] },
      query: (asked) => asked.records('test_busy_days', { limit: 1 }),
    };
    await expect(fill(told, {}, derived)).rejects.toThrow('"test_busy_days" is derived');
  });
});
