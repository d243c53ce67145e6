import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { rollUp } from '../rollup/roll-up.ts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, type Decision, decide, reachOf, repositoryOf } from '../testing/history.ts';
import { type Actor, type Choose, interleave, pauseAfter } from '../testing/interleave.ts';
import { readNumbers, rebuildDays } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { drainInbox } from './drain-inbox.ts';

const usualRuns = 12;
let base: Pipeline;
beforeAll(async () => {
  // Few metrics: each is two steps of a recount, and every step is tried.
  const metrics = new Map([...engineMetrics].filter(([id]) => id === 'test_commits' || id === 'test_shared'));
  base = await createPipeline({ metrics });
});
afterAll(() => base.close());

// 3, 11 and 27 are commits of Ada's; 3 and 27 have co-authors. All lie near a midnight of some zone.
const before = [3, 11];
const news: Fact[] = [commitOf(27), commitOf(19), commitOf(13), reachOf('a', [27, 19, 13], 3)];

const decisions: Record<string, Decision> = {
  'a link': { decide: 'link', who: 'email:ada@example.org', to: 'id:7' },
  'another zone of a person': { decide: 'zone', who: 'email:ada@example.org', zone: 'Pacific/Apia' },
  'another zone of the workspace': { decide: 'zone', who: 'workspace', zone: 'America/Los_Angeles' },
  'a rule': { decide: 'rule', pattern: 'ada*', kind: 'automation', isOn: true },
  'an override': { decide: 'override', who: 'email:ada@example.org', kind: 'agent' },
};

/** A workspace with days counted, and news in the inbox; without `isCounted` the days wait to be counted. */
async function prepare(isCounted: boolean): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  await pipeline.send([{ key: 'before', facts: [repositoryOf('a'), ...before.map((one) => commitOf(one)), reachOf('a', before)] }]);
  await pipeline.drain();
  if (isCounted) await pipeline.roll();
  await pipeline.send([{ key: 'news', facts: news }]);
  return pipeline;
}

function actorsOf(pipeline: Pipeline): { derive: Actor; rollup: Actor; decider: (made: Decision) => Actor } {
  const { workspaceId, pools, metrics } = pipeline;
  return {
    derive: { name: 'derive', run: (store) => drainInbox({ store, pools, log: () => undefined }, workspaceId, 'fresh') },
    rollup: { name: 'rollup', run: (store) => rollUp({ store, metrics }, workspaceId) },
    decider: (made) => ({ name: 'decide', run: (store) => decide(store, pipeline, made) }),
  };
}

async function expectWholeAfter(pipeline: Pipeline, actors: readonly Actor[], choose: Choose): Promise<void> {
  await interleave(pipeline.store, actors, choose);
  await pipeline.drain();
  await pipeline.roll();
  const incremental = await readNumbers(pipeline);
  expect(incremental.commits).toHaveLength(5);
  await rebuildDays(pipeline);
  expect(incremental).toEqual(await readNumbers(pipeline));
}

/** Stops one actor after each of its statements, lets the other do all it can, and compares. */
async function tryEveryStep(first: (pipeline: Pipeline) => Actor, second: (pipeline: Pipeline) => Actor, isCounted = true): Promise<number> {
  for (let step = 0; ; step += 1) {
    const pipeline = await prepare(isCounted);
    const actor = first(pipeline);
    const choose = pauseAfter(actor.name, step);
    await expectWholeAfter(pipeline, [actor, second(pipeline)], choose);
    if (!choose.wasPaused()) return step;
  }
}

describe('lockFacts and the marks', () => {
  for (const [name, made] of Object.entries(decisions)) {
    it(`lose nothing when ${name} comes at any step of a derive, or a derive at any of its steps`, async () => {
      const derive = (pipeline: Pipeline): Actor => actorsOf(pipeline).derive;
      const decider = (pipeline: Pipeline): Actor => actorsOf(pipeline).decider(made);
      expect(await tryEveryStep(derive, decider)).toBeGreaterThan(8);
      expect(await tryEveryStep(decider, derive)).toBeGreaterThan(3);
    });
  }

  it('lose nothing when a derive comes at any step of a recount, or a recount at any of its steps', async () => {
    const derive = (pipeline: Pipeline): Actor => actorsOf(pipeline).derive;
    const rollup = (pipeline: Pipeline): Actor => actorsOf(pipeline).rollup;
    expect(await tryEveryStep(rollup, derive, false)).toBeGreaterThan(4);
    expect(await tryEveryStep(derive, rollup, false)).toBeGreaterThan(8);
  });

  it('lose nothing when a zone changes at any step of a recount', async () => {
    const rollup = (pipeline: Pipeline): Actor => actorsOf(pipeline).rollup;
    for (const made of ['another zone of a person', 'another zone of the workspace', 'a link'] as const) {
      const decider = (pipeline: Pipeline): Actor => actorsOf(pipeline).decider(decisions[made] as Decision);
      expect(await tryEveryStep(rollup, decider, false)).toBeGreaterThan(4);
    }
  });

  it(
    'lose nothing in any order of the statements of a derive, a decision and a recount',
    async () => {
      const cases = fc.tuple(fc.constantFrom(...Object.values(decisions)), fc.array(fc.nat(2), { minLength: 10, maxLength: 60 }), fc.boolean());
      await checkProperty(
        fc.asyncProperty(cases, async ([made, turns, isCounted]) => {
          const pipeline = await prepare(isCounted);
          const { derive, rollup, decider } = actorsOf(pipeline);
          let turn = 0;
          await expectWholeAfter(pipeline, [derive, decider(made), rollup], (waiting) => {
            turn += 1;
            return waiting[(turns[turn % turns.length] ?? 0) % waiting.length] ?? '';
          });
        }),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );
});
