import { z } from 'zod';
import { workTransfers } from '../exports/work-transfers.ts';
import { defineJob } from './job.ts';

export const workTransfersJob = defineJob({
  name: 'work-transfers',
  title: 'Writes exports, takes imports in, and forgets their files after a day',
  payload: z.object({}),
  // The nudge of whoever asks is the rule; this goes on with what a killed process left behind.
  schedule: '* * * * *',
  run: (workers, _payload, signal) => workTransfers(workers, signal),
});
