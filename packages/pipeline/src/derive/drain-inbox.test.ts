import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { replayRawEvents } from '../capture/read-events.ts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, decide, historyArbitrary, reachOf, repositoryOf, type History } from '../testing/history.ts';
import { type Numbers, readNumbers, rebuildDays } from '../testing/numbers.ts';
import { createPipeline, type Pipeline, type ToldEvent } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import type { DrainOptions } from './drain-options.ts';

const usualRuns = 15;
const sampled = 25;

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

describe('derive and rollup', () => {
  it(
    'give the same numbers for any order, repetition, batch size, interruption and moment of decision',
    async () => {
      await checkProperty(
        fc.asyncProperty(
          historyArbitrary,
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.integer({ min: 1, max: 7 }),
          async (history, dice, batchSize) => {
            const roll = (sides: number): number => (dice.next().value ?? 0) % sides;
            const straight = await tellStraight(history);
            const expected = await readNumbers(straight);

            const crooked = await base.inNewWorkspace({ zone: history.zone });
            await tellCrooked(crooked, history, { roll, batchSize });
            const incremental = await readNumbers(crooked);
            expect(incremental).toEqual(expected);

            await rebuildDays(crooked);
            expect(await readNumbers(crooked)).toEqual(incremental);
          },
        ),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );

  it('are proved on histories that are rich in what can go wrong', async () => {
    // Always the same histories: fifteen random ones may by chance lack what hundreds of them have.
    const seen = new Richness();
    const histories = fc.sample(historyArbitrary, { numRuns: sampled, seed: 20_261_121 });
    for (const history of histories) seen.note(history, await readNumbers(await tellStraight(history)));
    expect(seen.findMissing(sampled)).toEqual([]);
  }, 120_000);

  it('finds nothing to change or to count in known events that come again', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([
      { key: 'r', facts: [repositoryOf('a')] },
      { key: 'c', facts: [commitOf(1), commitOf(2), commitOf(3)] },
      { key: 'x', facts: [reachOf('a', [1, 2, 3])] },
      { key: 'b', facts: [{ fact: 'reach-baseline', repository: 'a', snapshot: 1 }] },
    ]);
    await pipeline.drain();
    expect(await pipeline.roll()).toBeGreaterThan(0);
    const before = await readNumbers(pipeline);
    expect(await replayRawEvents({ store: pipeline.store, workspaceId: pipeline.workspaceId })).toEqual({
      replayed: 4,
    });
    expect(await pipeline.drain()).toEqual({ done: 4, ignored: 0, failed: 0 });
    expect(await pipeline.roll()).toBe(0);
    expect(await readNumbers(pipeline)).toEqual(before);
  });
});

/** Everything once, in order, decisions last. */
async function tellStraight(history: History): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: history.zone });
  await pipeline.send(asEvents(history.events));
  await pipeline.drain();
  for (const made of history.decisions) await decide(pipeline.store, pipeline, made);
  await pipeline.roll();
  return pipeline;
}

/** Shuffled, repeated, in pieces, with crashes, and with decisions and counts in between. */
async function tellCrooked(
  pipeline: Pipeline,
  history: History,
  chance: { roll: (sides: number) => number; batchSize: number },
): Promise<void> {
  const { roll, batchSize } = chance;
  const events = shuffle(asEvents(history.events), roll);
  const decisions = [...history.decisions];
  for (let start = 0; start < events.length;) {
    const slice = events.slice(start, (start += 1 + roll(6)));
    await pipeline.send([...slice, ...slice.slice(0, roll(3))]);
    if (roll(3) === 0)
      await crashAt(pipeline, batchSize, (['claimed', 'parsed', 'applied'] as const)[roll(3)] ?? 'parsed');
    if (roll(2) === 0) await pipeline.drain({ batchSize });
    const next = roll(3) === 0 ? decisions.shift() : undefined;
    if (next !== undefined) await decide(pipeline.store, pipeline, next);
    if (roll(3) === 0) await pipeline.roll({ batchSize: 1 + roll(9) });
  }
  for (const made of decisions) await decide(pipeline.store, pipeline, made);
  await pipeline.drain({ batchSize });
  await pipeline.roll();
}

function asEvents(events: readonly Fact[][]): ToldEvent[] {
  return events.map((facts, index) => ({ key: `e${index}`, facts }));
}

function shuffle<Item>(items: readonly Item[], roll: (sides: number) => number): Item[] {
  const left = [...items];
  return items.map(() => left.splice(roll(left.length), 1)[0] as Item);
}

class Crash extends Error {}

async function crashAt(
  pipeline: Pipeline,
  batchSize: number,
  step: Parameters<NonNullable<DrainOptions['onStep']>>[0],
): Promise<void> {
  const onStep = (at: string): void => {
    if (at === step) throw new Crash();
  };
  await pipeline.drain({ batchSize, onStep }).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  // The vanished worker's lease runs out.
  await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`update raw_events set lease_until = now() - interval '1 second' where state = 'leased'`.execute(trx),
  );
}

/** What the histories were made of: a property over empty days would hold for any program. */
class Richness {
  #counts: Record<string, number> = {};

  note(history: History, numbers: Numbers): void {
    const zones = new Set(numbers.days.map((row) => row['zone']));
    const has: Record<string, boolean> = {
      days: numbers.days.length > 0,
      severalZones: zones.size > 1,
      twoRepositories: new Set(numbers.days.map((row) => row['resource'])).size > 2,
      coAuthors: numbers.credits.some((row) => row['role'] === 'co_author'),
      machines: numbers.identities.some((row) => row['kind'] !== 'person'),
      links: history.decisions.some((made) => made.decide === 'link'),
      rules: history.decisions.some((made) => made.decide === 'rule' || made.decide === 'override'),
      zoneChanges: history.decisions.some((made) => made.decide === 'zone'),
      baselines: numbers.repositories.some((row) => Number(row['reach_baseline']) > 0),
      cutEdges: numbers.commits.some((row) => row['files_changed'] === null),
    };
    for (const [what, isThere] of Object.entries(has)) this.#counts[what] = (this.#counts[what] ?? 0) + Number(isThere);
  }

  /** What too few of them had. */
  findMissing(runs: number): string[] {
    const least: Record<string, number> = {
      days: 0.7,
      twoRepositories: 0.3,
      coAuthors: 0.7,
      links: 0.3,
      zoneChanges: 0.3,
      rules: 0.3,
    };
    return Object.keys({ ...this.#counts }).filter((what) => (this.#counts[what] ?? 0) <= runs * (least[what] ?? 0));
  }
}
