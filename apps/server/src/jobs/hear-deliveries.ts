import { sql } from 'kysely';
import { z } from 'zod';
import { handOver } from '../hooks-in/hand-over.ts';
import { hearDeliveries } from '../hooks-in/hear-deliveries.ts';
import { defineJob } from './job.ts';

export const hearDeliveriesJob = defineJob({
  name: 'hear-deliveries',
  title: 'Follows what webhooks told: connections, sources to look at, the log of deliveries',
  payload: z.object({}),
  // The nudge after each delivery is the rule; this finds what a lost nudge left behind.
  schedule: '* * * * *',
  run: async (workers, _payload, signal) => {
    const { githubParts, capture, store } = workers;
    const handed = await handOver({ ...githubParts, capture }, signal);
    if (handed > 0) workers.ask('drain-inbox');
    let changesSight = false;
    const { rows } = await sql<{ id: string }>`select workspaces_told() as id`.execute(store.app);
    let total = 0;
    for (const { id } of rows) {
      if (signal.aborted) break;
      const { heard, soon, changesSight: changes } = await hearDeliveries(githubParts, id, signal);
      changesSight ||= changes;
      total += heard;
      for (const source of soon) workers.readSoon(source);
    }
    if (changesSight) workers.ask('check-sights');
    return total + handed === 0 ? undefined : `${total} deliveries followed, ${handed} handed over`;
  },
});
