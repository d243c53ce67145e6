import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitFact, Fact } from '@devpulse/contract/facts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, reachOf, repositoryOf } from '../testing/history.ts';
import { readNumbers, rebuildDays } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

/** Tells facts one event after another, each derived and counted before the next. */
async function tellOneByOne(facts: readonly Fact[]): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  for (const [index, fact] of facts.entries()) {
    await pipeline.send([{ key: `${index}`, facts: [fact] }]);
    await pipeline.drain();
    await pipeline.roll();
  }
  return pipeline;
}

describe('applyFacts', () => {
  it('lets a more faithful reading of a commit replace all of a poorer one: author, instant, credits and files', async () => {
    const poor: CommitFact = {
      ...commitOf(3, true),
      author: { email: 'wrong@example.org' },
      committer: { email: 'wrong@example.org' },
      authoredAt: '2025-01-01T00:00:00.000Z',
      coAuthors: [{ email: 'nobody@example.org' }],
      subject: 'as far as we know',
    };
    const around = [repositoryOf('a'), reachOf('a', [3])];
    const upgraded = await tellOneByOne([...around, poor, commitOf(3)]);
    const numbers = await readNumbers(upgraded);
    const { identities: _known, ...rest } = await readNumbers(await tellOneByOne([...around, commitOf(3), poor]));
    expect(numbers).toMatchObject(rest);
    expect(
      numbers.days.filter((row) =>
        ['email:wrong@example.org', 'email:nobody@example.org'].includes(String(row['who'])),
      ),
    ).toEqual([]);
    await rebuildDays(upgraded);
    expect(await readNumbers(upgraded)).toEqual(numbers);
  });

  it('brings commits to light and hides them again as looks tell, whatever was told first', async () => {
    const facts: Fact[] = [
      repositoryOf('a'),
      commitOf(1),
      commitOf(2),
      reachOf('a', [1, 2], 2, true),
      reachOf('a', [2], 4, false),
      { fact: 'reach-baseline', repository: 'b', snapshot: 9 },
    ];
    const expected = await readNumbers(await tellOneByOne(facts));
    expect(new Set(expected.days.filter((row) => row['metric'] === 'test_commits').map((row) => row['n']))).toEqual(
      new Set([1]),
    );
    expect(await readNumbers(await tellOneByOne(facts.toReversed()))).toEqual(expected);
    const hidden = await tellOneByOne([...facts, { fact: 'reach-baseline', repository: 'a', snapshot: 3 }]);
    expect((await readNumbers(hidden)).days).toEqual([]);
  });
});
