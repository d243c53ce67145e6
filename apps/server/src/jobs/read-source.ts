import { z } from 'zod';
import { readSource } from '../sources/read-source.ts';
import { defineJob } from './job.ts';

/** Then the next one has its turn; the schedule goes on with what is left. */
const slicesMax = 10;

export const readSourceJob = defineJob({
  name: 'read-source',
  title: 'Looks at one source, because somebody added or asked for it',
  payload: z.object({ workspaceId: z.uuid(), sourceId: z.uuid() }),
  // A long first look must not keep the next person waiting.
  concurrency: 2,
  run: async (workers, { workspaceId, sourceId }, signal) => {
    let captured = 0;
    let result = await readSource({ ...workers, workspaceId, sourceId, signal });
    // A long past is read in slices; what just happened is looked at between them.
    for (let slices = 1; result.outcome === 'ok' && result.left === 'more' && slices < slicesMax; slices += 1) {
      captured += result.captured;
      if (signal.aborted) break;
      result = await readSource({ ...workers, workspaceId, sourceId, signal });
    }
    if (result.outcome === 'ok') return `${captured + result.captured} events captured`;
    // The reason stands with the source, where whoever added it reads it.
    return result.outcome;
  },
});
