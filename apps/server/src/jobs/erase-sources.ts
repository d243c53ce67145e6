import { z } from 'zod';
import { eraseSources } from '../sources/erase-sources.ts';
import { defineJob } from './job.ts';

export const eraseSourcesJob = defineJob({
  name: 'erase-sources',
  title: 'Erases everything that was read from sources that are to be erased',
  payload: z.object({}),
  schedule: '* * * * *',
  run: async ({ store, ask }, _payload, signal) => {
    const done = await eraseSources(store, signal);
    if (done === 0) return undefined;
    // What others told of the same things is read once more, and whatever changed is counted.
    ask('drain-inbox');
    ask('roll-up');
    return `${done} sources erased`;
  },
});
