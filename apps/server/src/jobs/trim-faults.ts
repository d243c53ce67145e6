import { z } from 'zod';
import { trimFaults } from '../faults/trim-faults.ts';
import { defineJob } from './job.ts';

export const trimFaultsJob = defineJob({
  name: 'trim-faults',
  title: 'Forgets faults seen more than a month ago, and the oldest of too many',
  payload: z.object({}),
  schedule: '29 * * * *',
  run: async ({ store }) => {
    const removed = await trimFaults(store, { days: 30, rows: 10_000 });
    return removed === 0 ? undefined : `${removed} occurrences forgotten`;
  },
});
