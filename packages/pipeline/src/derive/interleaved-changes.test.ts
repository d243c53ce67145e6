import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { rollUp } from '../rollup/roll-up.ts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, type Decision, decide, reachOf, repositoryOf } from '../testing/history.ts';
import { type Actor, type Choose, interleave, pauseAfter } from '../testing/interleave.ts';
import { type Numbers, readNumbers } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { drainInbox } from './drain-inbox.ts';

const usualRuns = 20;
let base: Pipeline;
beforeAll(async () => {
  // Few metrics: each is two steps of a recount, and every step is tried.
  const metrics = new Map([...engineMetrics].filter(([id]) => id === 'test_commits' || id === 'test_shared'));
  base = await createPipeline({ metrics });
});
afterAll(() => base.close());

// 3, 11, 19 and 27 are Ada's, 3 and 27 with co-authors; of 19 and 27 the day is another one in Los Angeles. 4 is the first
// sight of a machine.
const before = [3, 11];
const news: Fact[] = [commitOf(27), commitOf(19), commitOf(4), reachOf('a', [27, 19, 4], 3)];

const decisions: Record<string, Decision> = {
  'a link': { decide: 'link', who: 'email:ada@example.org', to: 'id:7' },
  'another zone of a person': { decide: 'zone', who: 'email:ada@example.org', zone: 'America/Los_Angeles' },
  'another zone of the workspace': { decide: 'zone', who: 'workspace', zone: 'America/Los_Angeles' },
  'a rule': { decide: 'rule', pattern: '*[bot]', kind: 'automation', isOn: true },
  'an override': { decide: 'override', who: 'email:helper@example.org', kind: 'agent' },
};

/** A workspace with days counted, and news in the inbox; without `isCounted` the days wait to be counted. */
async function prepare(isCounted: boolean): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  await pipeline.send([
    { key: 'before', facts: [repositoryOf('a'), ...before.map((one) => commitOf(one)), reachOf('a', before)] },
  ]);
  await pipeline.drain();
  if (isCounted) await pipeline.roll();
  await pipeline.send([{ key: 'news', facts: news }]);
  return pipeline;
}

interface Actors {
  derive: Actor;
  rollup: Actor;
  decider: (made: Decision) => Actor;
}

function actorsOf(pipeline: Pipeline): Actors {
  const { workspaceId, pools, metrics } = pipeline;
  return {
    derive: {
      name: 'derive',
      run: (store) => drainInbox({ store, pools, log: () => undefined }, workspaceId, 'fresh'),
    },
    rollup: { name: 'rollup', run: (store) => rollUp({ store, metrics }, workspaceId) },
    decider: (made) => ({ name: 'decide', run: (store) => decide(store, pipeline, made) }),
  };
}

/** What comes out when everything happens one after the other. */
async function numbersInOrder(made: Decision | null): Promise<Numbers> {
  const pipeline = await prepare(true);
  await pipeline.drain();
  if (made !== null) await decide(pipeline.store, pipeline, made);
  await pipeline.roll();
  return readNumbers(pipeline);
}

async function numbersAfter(pipeline: Pipeline, actors: readonly Actor[], choose: Choose): Promise<Numbers> {
  await interleave(pipeline.store, actors, choose);
  await pipeline.drain();
  await pipeline.roll();
  return readNumbers(pipeline);
}

interface Meeting {
  /** Is stopped after each of its statements, one after the other, while the second does all it can. */
  first: (actors: Actors) => Actor;
  second: (actors: Actors) => Actor;
  expected: Numbers;
  isCounted: boolean;
}

async function tryEveryStep({ first, second, expected, isCounted }: Meeting): Promise<number> {
  for (let step = 0; ; step += 1) {
    const pipeline = await prepare(isCounted);
    const actors = actorsOf(pipeline);
    const actor = first(actors);
    const choose = pauseAfter(actor.name, step);
    expect(await numbersAfter(pipeline, [actor, second(actors)], choose), `stopped after ${step} statements`).toEqual(
      expected,
    );
    if (!choose.wasPaused()) return step;
  }
}

const derive = (actors: Actors): Actor => actors.derive;
const rollup = (actors: Actors): Actor => actors.rollup;

describe('lockFacts and the marks', () => {
  it.each(['a link', 'another zone of the workspace', 'a rule'])(
    'lose nothing when %s meets a derive at any step of either',
    async (name) => {
      const made = decisions[name] as Decision;
      const decider = (actors: Actors): Actor => actors.decider(made);
      const expected = await numbersInOrder(made);
      expect(expected.commits).toHaveLength(5);
      expect(await tryEveryStep({ first: derive, second: decider, expected, isCounted: true })).toBeGreaterThan(8);
      expect(await tryEveryStep({ first: decider, second: derive, expected, isCounted: true })).toBeGreaterThan(3);
    },
  );

  it('lose nothing when a derive meets a recount at any step of either', async () => {
    const expected = await numbersInOrder(null);
    expect(await tryEveryStep({ first: rollup, second: derive, expected, isCounted: false })).toBeGreaterThan(4);
    expect(await tryEveryStep({ first: derive, second: rollup, expected, isCounted: false })).toBeGreaterThan(8);
  });

  it.each(['another zone of a person', 'a link'])(
    'lose nothing when %s comes at any step of a recount',
    async (name) => {
      const made = decisions[name] as Decision;
      const decider = (actors: Actors): Actor => actors.decider(made);
      const expected = await numbersInOrder(made);
      expect(await tryEveryStep({ first: rollup, second: decider, expected, isCounted: false })).toBeGreaterThan(4);
    },
  );

  it(
    'lose nothing in any order of the statements of a derive, a decision and a recount',
    async () => {
      const expected = new Map<Decision, Promise<Numbers>>();
      const cases = fc.tuple(
        fc.constantFrom(...Object.values(decisions)),
        fc.array(fc.nat(2), { minLength: 10, maxLength: 60 }),
        fc.boolean(),
      );
      await checkProperty(
        fc.asyncProperty(cases, async ([made, turns, isCounted]) => {
          const inOrder = expected.get(made) ?? numbersInOrder(made);
          expected.set(made, inOrder);
          const pipeline = await prepare(isCounted);
          const actors = actorsOf(pipeline);
          let turn = 0;
          const choose: Choose = (waiting) => waiting[(turns[(turn += 1) % turns.length] ?? 0) % waiting.length] ?? '';
          expect(await numbersAfter(pipeline, [actors.derive, actors.decider(made), actors.rollup], choose)).toEqual(
            await inOrder,
          );
        }),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );
});
