import { measureBackfill } from '../method/backfill.ts';
import { divideRounds } from '../method/rounds.ts';
import type { BenchTarget } from '../method/target.ts';
import { judgeCeiling, judgeRatio, voidRows } from '../method/verdict.ts';

/** T7: reading everything again changes nothing, and costs less than the first time. */
export const replay: BenchTarget = {
  id: 'T7',
  title: 'Full replay of known facts',
  run: async (context) => {
    const found = await measureBackfill(context);
    const baseline = 'the first load of the same events in the same round';
    const rows = [
      judgeRatio(
        {
          target: 'T7',
          what: 'Replay of every raw event (events a second)',
          baseline,
          samples: { first: found.first, replay: found.replay },
        },
        divideRounds(found.first, found.replay),
        { atLeast: 2 },
      ),
      judgeCeiling({ target: 'T7', what: 'Fact rows changed by it', baseline: 'none' }, [found.rowsChanged], {
        atMost: 0,
        unit: 'rows',
      }),
      judgeCeiling({ target: 'T7', what: 'Days marked as stale by it', baseline: 'none' }, [found.marks], {
        atMost: 0,
        unit: 'marks',
      }),
    ];
    return found.fault === null ? rows : voidRows(rows, `Void: ${found.fault}.`);
  },
};
