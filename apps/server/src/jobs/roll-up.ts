import { sql } from 'kysely';
import { z } from 'zod';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { announceCounts } from '../live/announce-counts.ts';
import { defineJob } from './job.ts';

export const rollUpJob = defineJob({
  name: 'roll-up',
  title: 'Counts the days again whose facts changed',
  payload: z.object({}),
  schedule: '* * * * *',
  run: async (workers, _payload, signal) => {
    let cells = 0;
    const { rows } = await sql<{ id: string }>`select workspaces_with_stale_days() as id`.execute(workers.store.app);
    for (const { id } of rows) {
      if (signal.aborted) break;
      const started = performance.now();
      const { store, metrics } = workers;
      const result = await rollUp({ store, metrics, signal, announce: announceCounts }, id);
      workers.telemetry.rolledUp({ cells: result.cells, seconds: (performance.now() - started) / 1000 });
      cells += result.cells;
    }
    return cells === 0 ? undefined : `${cells} days counted`;
  },
});
