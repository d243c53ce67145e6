import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitFact, Fact } from '@devpulse/contract/facts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, decide, personId, reachOf, repositoryOf } from '../testing/history.ts';
import { readNumbers, rebuildDays } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { rollUp } from './roll-up.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

const ada = { name: 'Ada', email: 'ada@example.org' };
const bob = { name: 'Bob', email: 'bob@example.org' };

function file(path: string, additions: number, deletions = 0) {
  return { path, previousPath: null, additions, deletions, isBinary: false, isSubmodule: false };
}

function told(number: number, at: string, more: Partial<CommitFact> = {}): CommitFact {
  return {
    ...commitOf(number),
    author: ada,
    committer: ada,
    authoredAt: at,
    committedAt: at,
    coAuthors: [],
    files: [file('a.ts', number)],
    ...more,
  };
}

async function tell(facts: Fact[], zone = 'UTC'): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone });
  await pipeline.send([{ key: 'all', facts: [repositoryOf('a'), repositoryOf('b'), ...facts] }]);
  await pipeline.drain();
  return pipeline;
}

/** `who metric resource day part: value/base [samples] n`, of one metric, workspace and people. */
async function daysOf(pipeline: Pipeline, metric: string): Promise<string[]> {
  const { days } = await readNumbers(pipeline);
  return days
    .filter((row) => row['metric'] === metric)
    .map((row) => {
      const divisor = row['base'] === null ? '' : `/${JSON.stringify(row['base'])}`;
      const samples = row['samples'] === null ? '' : ` ${JSON.stringify(row['samples'])}`;
      const where = [row['who'], row['resource'], row['day'], row['part']].filter((text) => text !== '').join(' ');
      return `${where}: ${JSON.stringify(row['value'])}${divisor}${samples} n${JSON.stringify(row['n'])}`;
    });
}

async function onlyWorkspace(pipeline: Pipeline, metric: string): Promise<string[]> {
  return (await daysOf(pipeline, metric))
    .filter((line) => line.startsWith('workspace'))
    .map((line) => line.slice('workspace '.length));
}

const day = '2026-05-04';
const at = (time: string): string => `${day}T${time}:00.000Z`;

describe('rollUp', () => {
  it('counts what lies in two repositories once over all and once in each', async () => {
    const pipeline = await tell([told(1, at('10:00')), told(2, at('11:00')), reachOf('a', [1, 2]), reachOf('b', [1])]);
    await pipeline.roll();
    expect(await daysOf(pipeline, 'test_commits')).toEqual([
      ...['1-10: 1 n1', '1-11: 1 n1'].map((line) => `email:ada@example.org ${day} ${line}`),
      ...['1-10: 1 n1', '1-11: 1 n1'].map((line) => `email:ada@example.org a ${day} ${line}`),
      `email:ada@example.org b ${day} 1-10: 1 n1`,
      ...['1-10: 1 n1', '1-11: 1 n1'].map((line) => `workspace ${day} ${line}`),
      ...['1-10: 1 n1', '1-11: 1 n1'].map((line) => `workspace a ${day} ${line}`),
      `workspace b ${day} 1-10: 1 n1`,
    ]);
  });

  it('counts a commit once for a person who is credited twice, and once for the workspace however many share it', async () => {
    const pipeline = await tell([told(1, at('10:00'), { coAuthors: [bob] }), reachOf('a', [1])]);
    await decide(pipeline.store, pipeline, {
      decide: 'link',
      who: 'email:bob@example.org',
      to: 'email:ada@example.org',
    });
    await pipeline.roll();
    expect((await daysOf(pipeline, 'test_commits')).filter((line) => !line.includes(' a '))).toEqual([
      `email:ada@example.org ${day} 1-10: 1 n1`,
      `workspace ${day} 1-10: 1 n1`,
    ]);
    expect(await onlyWorkspace(pipeline, 'test_by_person')).toEqual([
      `${day} email:ada@example.org: 1 n1`,
      `a ${day} email:ada@example.org: 1 n1`,
    ]);
  });

  it('splits the workspace by person, and never a person', async () => {
    const pipeline = await tell([
      told(1, at('10:00'), { coAuthors: [bob] }),
      told(2, at('23:59')),
      reachOf('a', [1, 2]),
    ]);
    await pipeline.roll();
    const lines = await daysOf(pipeline, 'test_by_person');
    expect(lines.filter((line) => !line.includes(' a '))).toEqual([
      `workspace ${day} email:ada@example.org: 2 n2`,
      `workspace ${day} email:bob@example.org: 1 n1`,
    ]);
    expect(lines.filter((line) => !line.startsWith('workspace'))).toEqual([]);
  });

  it('splits by what the query says', async () => {
    const pipeline = await tell([
      told(1, at('10:00'), { files: [file('a.ts', 5, 1), file('b.ts', 1), file('c.py', 7), file('d', 1)] }),
      reachOf('a', [1]),
    ]);
    await pipeline.roll();
    expect((await onlyWorkspace(pipeline, 'test_by_language')).filter((line) => !line.startsWith('a '))).toEqual([
      `${day} Other: 1 n1`,
      `${day} Python: 7 n1`,
      `${day} TypeScript: 7 n2`,
    ]);
  });

  it('keeps the values of a day in order, and leaves out what does not count', async () => {
    const pipeline = await tell([
      told(1, at('10:00'), { files: [file('a.ts', 9), file('b.ts', 3), file('package-lock.json', 500)] }),
      told(2, at('12:00'), { files: [file('a.ts', 3), file('c.ts', 0)] }),
      reachOf('a', [1, 2]),
    ]);
    await pipeline.roll();
    expect((await onlyWorkspace(pipeline, 'test_lines'))[0]).toBe(`${day}: 15 [0,3,3,9] n4`);
  });

  it('keeps numerator and denominator apart', async () => {
    const pipeline = await tell([
      told(1, at('10:00'), { files: [file('a.ts', 10, 30), file('b.ts', 5, 5)] }),
      reachOf('a', [1]),
    ]);
    await pipeline.roll();
    expect((await onlyWorkspace(pipeline, 'test_share'))[0]).toBe(`${day}: 1.5/5 n2`);
  });

  it('takes the last reading of the day as its level, over all repositories and in each', async () => {
    const pipeline = await tell([
      told(1, at('10:07')),
      told(2, at('23:05')),
      told(3, at('23:04')),
      reachOf('a', [1, 2]),
      reachOf('b', [1, 3]),
    ]);
    await pipeline.roll();
    expect(await onlyWorkspace(pipeline, 'test_level')).toEqual([
      `${day}: 45 n3`,
      `a ${day}: 45 n2`,
      `b ${day}: 44 n2`,
    ]);
  });

  it('takes the greater of two readings at one instant', async () => {
    const pipeline = await tell([
      told(1, at('10:07'), { sha: 'f'.repeat(40) }),
      told(2, at('10:07'), { sha: 'e'.repeat(41) }),
      { fact: 'reach', repository: 'a', snapshot: 1, reachable: true, shas: ['f'.repeat(40), 'e'.repeat(41)] },
    ]);
    await pipeline.roll();
    expect((await onlyWorkspace(pipeline, 'test_level'))[0]).toBe(`${day}: 48 n2`);
  });

  it('cuts a person’s days in their zone and the workspace’s in its own', async () => {
    const pipeline = await tell([told(1, at('18:30'), { coAuthors: [bob] }), reachOf('a', [1])], 'Asia/Kathmandu');
    await decide(pipeline.store, pipeline, { decide: 'zone', who: 'email:ada@example.org', zone: 'Europe/Berlin' });
    await pipeline.roll();
    const lines = (await daysOf(pipeline, 'test_commits')).filter((line) => !line.includes(' a '));
    expect(lines).toEqual([
      `email:ada@example.org ${day} 1-20: 1 n1`,
      `email:bob@example.org 2026-05-05 2-00: 1 n1`,
      `workspace 2026-05-05 2-00: 1 n1`,
    ]);
  });

  it('counts nothing for machines, and takes away what they had', async () => {
    const pipeline = await tell([told(1, at('10:00')), reachOf('a', [1])]);
    await pipeline.roll();
    expect((await readNumbers(pipeline)).days.length).toBeGreaterThan(0);
    await decide(pipeline.store, pipeline, { decide: 'override', who: 'email:ada@example.org', kind: 'automation' });
    await pipeline.roll();
    expect((await readNumbers(pipeline)).days).toEqual([]);
  });

  it('works through days far apart and in small batches to the same end, and says whose days changed', async () => {
    const numbers = [1, 2, 3, 4, 5, 6];
    const instants = ['1999-12-31', '2000-01-01', '2000-02-01', '2000-03-20', '2026-01-01', '2026-01-02'];
    const facts = [
      ...numbers.map((one, index) => told(one, `${instants[index]}T12:00:00.000Z`)),
      reachOf('a', numbers),
    ];
    const [whole, pieces] = [await tell(facts), await tell(facts)];
    // Six days of Ada's and six of the workspace's.
    expect(await whole.roll()).toBe(12);
    expect(await pieces.roll({ batchSize: 1 })).toBe(12);
    expect(await readNumbers(pieces)).toEqual(await readNumbers(whole));
    expect((await readNumbers(whole)).days.length).toBeGreaterThan(12);
    await rebuildDays(whole);
    expect(await readNumbers(whole)).toEqual(await readNumbers(pieces));

    await decide(whole.store, whole, { decide: 'override', who: 'email:ada@example.org', kind: 'agent' });
    const { subjects } = await rollUp({ store: whole.store, metrics: engineMetrics }, whole.workspaceId);
    expect(subjects.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'person', id: personId(whole, 'email:ada@example.org') },
      { kind: 'workspace', id: whole.workspaceId },
    ]);
  });

  it('counts each stale day once when two recount at once', async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    const pipeline = await tell([
      ...numbers.map((one) => told(one, `2026-05-0${one}T12:00:00.000Z`)),
      reachOf('a', numbers),
    ]);
    const cells = await Promise.all([1, 2, 3].map(() => pipeline.roll({ batchSize: 2 })));
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(16);
    const incremental = await readNumbers(pipeline);
    await rebuildDays(pipeline);
    expect(await readNumbers(pipeline)).toEqual(incremental);
  });

  it('stops between batches when told to, and leaves the rest marked', async () => {
    const pipeline = await tell([told(1, at('10:00')), reachOf('a', [1])]);
    expect(await pipeline.roll({ signal: AbortSignal.abort() })).toBe(0);
    const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql<{ marks: number }>`select count(*) as marks from rollup_stale`.execute(trx),
    );
    expect(rows[0]?.marks).toBeGreaterThan(0);
    expect(await pipeline.roll()).toBe(2);
  });

  it('names the metrics whose numbers changed and those made of them, batch by batch, and none where all stayed', async () => {
    const pipeline = await tell([
      told(1, '2026-05-05T10:00:00.000Z'),
      told(2, '2026-05-06T10:00:00.000Z', { files: [] }),
      reachOf('a', [1, 2]),
    ]);
    const { store, workspaceId } = pipeline;
    const heard: string[][] = [];
    const roll = async (): Promise<string[]> => {
      heard.length = 0;
      const announce = async (_trx: unknown, of: string, metrics: string[]): Promise<void> => {
        expect(of).toBe(workspaceId);
        heard.push(metrics);
      };
      return (await rollUp({ store, metrics: engineMetrics, batchSize: 2, announce }, workspaceId)).metrics;
    };
    const markAgain = (stale: string): Promise<unknown> =>
      store.inWorkspace(workspaceId, (trx) =>
        sql`insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
            values (${workspaceId}, gen_random_uuid(), 'workspace', ${workspaceId}, ${stale}::date)`.execute(trx),
      );
    const all = await roll();
    expect(all).toContain('test_busy_days');
    expect(heard).toHaveLength(2);
    // The second day's commit touched no file.
    expect(heard[0]).toContain('test_lines');
    expect(heard[1]).not.toContain('test_lines');

    await markAgain('2026-05-05');
    expect([await roll(), heard]).toEqual([[], [[]]]);

    // Somebody tampered with one number: counting it again changes that metric and no other.
    await store.inWorkspace(workspaceId, (trx) =>
      sql`update rollup_days set value = value + 1 where metric = 'test_lines'`.execute(trx),
    );
    await markAgain('2026-05-05');
    expect(await roll()).toEqual(['test_lines']);
    await store.inWorkspace(workspaceId, (trx) =>
      sql`update rollup_days set metric = 'gone' where metric = 'test_shared'`.execute(trx),
    );
    await markAgain('2026-05-05');
    expect(await roll()).toEqual(expect.arrayContaining(['gone', 'test_shared']));
  });
});
