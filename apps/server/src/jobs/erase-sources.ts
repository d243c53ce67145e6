import { z } from 'zod';
import { eraseSources } from '../sources/erase-sources.ts';
import { defineJob } from './job.ts';

export const eraseSourcesJob = defineJob({
  name: 'erase-sources',
  title: 'Erases everything that was read from sources that are to be erased',
  payload: z.object({}),
  schedule: '* * * * *',
  run: async ({ store }, _payload, signal) => {
    const done = await eraseSources(store, signal);
    return done === 0 ? undefined : `${done} sources erased`;
  },
});
