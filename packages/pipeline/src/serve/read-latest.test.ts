import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '@devpulse/contract/day';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { decide, historyArbitrary, people } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { readLatest } from './read-latest.ts';
import { readReceipt } from './read-receipt.ts';
import { resolveWhose } from './resolve-question.ts';

const usualRuns = 8;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

/** The newest few as the list under a board finds them, and as the receipt proves them. */
async function readBothWays(
  pipeline: Pipeline,
  asked: { metric: string; subject: string; from: string; to: string; limit: number },
) {
  const { metric: metricId, limit, ...query } = asked;
  const { store, workspaceId, ownerId } = pipeline;
  const question = {
    store,
    metrics: engineMetrics,
    viewer: { workspaceId, personId: ownerId },
    metricId,
    query: { ...query, by: 'total' as const },
    now: new Date('2026-12-31T12:00:00Z'),
  };
  const latest = await store.inWorkspace(workspaceId, async (trx) =>
    readLatest(trx, question, { whose: await resolveWhose(trx, question), limit }),
  );
  const receipt = await readReceipt({ ...question, limit, baseUrl: 'http://localhost' });
  return { latest, receipt };
}

describe('readLatest', () => {
  it(
    'finds the records that a receipt begins with, on any history, whether its days are counted or not',
    async () => {
      let compared = 0;
      const window = fc
        .tuple(fc.nat(300), fc.nat(300))
        .map(([start, length]) => ({ from: addDays('2026-01-01', start), to: addDays('2026-01-01', start + length) }));
      const whole = fc.constant({ from: '2000-01-01', to: '2027-01-01' });
      const cases = fc.tuple(historyArbitrary, fc.oneof(whole, window), fc.integer({ min: 1, max: 12 }), fc.boolean());
      await checkProperty(
        fc.asyncProperty(cases, async ([history, days, limit, isCounted]) => {
          const pipeline = await base.inNewWorkspace({ zone: history.zone });
          await pipeline.send(history.events.map((facts, index) => ({ key: `e${index}`, facts })));
          await pipeline.drain();
          for (const made of history.decisions) await decide(pipeline.store, pipeline, made);
          if (isCounted) await pipeline.roll();
          await decide(pipeline.store, pipeline, { decide: 'link', who: people[0] ?? '', to: 'owner' });
          if (isCounted) await pipeline.roll();
          for (const metric of ['test_commits', 'test_by_language', 'test_by_person']) {
            const subjects = metric === 'test_by_person' ? ['workspace'] : ['workspace', 'me'];
            for (const subject of subjects) {
              const { latest, receipt } = await readBothWays(pipeline, { metric, subject, ...days, limit });
              if (receipt.state === 'unknown') continue;
              expect(latest.records).toEqual(receipt.records);
              expect(latest.state).toBe(receipt.state);
              compared += latest.records.length;
            }
          }
        }),
        usualRuns,
      );
      expect(compared).toBeGreaterThan(0);
    },
    patienceFor(usualRuns),
  );
});
