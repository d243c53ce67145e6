import { z } from 'zod';
import { readDemoState } from '../demo/demo-state.ts';
import { demoLeaseSeconds } from '../demo/hold-demo.ts';
import { makeDemo } from '../demo/make-demo.ts';
import { removeDemo } from '../demo/remove-demo.ts';
import { defineJob } from './job.ts';

export const makeDemoJob = defineJob({
  name: 'make-demo',
  title: 'Makes the demo that somebody asked for, or finishes removing it',
  payload: z.object({}),
  // The nudge of whoever asks is the rule; this goes on with what a killed process left behind.
  schedule: '* * * * *',
  run: async (workers, _payload, signal) => {
    const { state } = await readDemoState(workers.store);
    if (state === 'removing') {
      await removeDemo({ store: workers.store, folder: workers.demoFolder });
      return 'removed';
    }
    if (state !== 'making') return undefined;
    const made = await makeDemo({ ...workers, folder: workers.demoFolder, signal });
    if (made.outcome === 'failed') throw made.error;
    if (made.outcome === 'busy') workers.ask('make-demo', (demoLeaseSeconds + 1) * 1000);
    return made.outcome;
  },
});
