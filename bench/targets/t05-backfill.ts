import { measureBackfill } from '../method/backfill.ts';
import { divideRounds } from '../method/rounds.ts';
import type { BenchTarget } from '../method/target.ts';
import { judgeRatio, tellRatio, voidRows } from '../method/verdict.ts';

/** T5: how fast a history becomes facts, beside copying the finished rows. */
export const backfill: BenchTarget = {
  id: 'T5',
  title: 'Backfill of facts',
  run: async (context) => {
    const { facts, first, copy, parse, apply, fault } = await measureBackfill(context);
    const rate = (seconds: readonly number[]): number[] => seconds.map((one) => facts / one);
    const baseline = `B3: COPY of the same ${facts} rows into empty tables with the same keys and indexes`;
    const rows = [
      judgeRatio(
        {
          target: 'T5',
          what: 'Raw events into facts, with parsing, deduplication and marks (rows a second)',
          baseline,
          samples: { load: rate(first), copy: rate(copy) },
        },
        divideRounds(copy, first),
        { atLeast: 0.5 },
      ),
      tellRatio(
        {
          target: 'T5',
          what: 'Of it only writing facts and marks',
          baseline,
          samples: { apply: rate(apply), parseSeconds: parse },
        },
        divideRounds(copy, apply),
      ),
    ];
    return fault === null ? rows : voidRows(rows, `Void: ${fault}.`);
  },
};
