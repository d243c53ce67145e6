import { z } from 'zod';
import { readSource } from '../sources/read-source.ts';
import { defineJob } from './job.ts';

export const readSourceJob = defineJob({
  name: 'read-source',
  title: 'Looks at one source, because somebody added or asked for it',
  payload: z.object({ workspaceId: z.uuid(), sourceId: z.uuid() }),
  // A long first look must not keep the next person waiting.
  concurrency: 2,
  run: async (workers, { workspaceId, sourceId }, signal) => {
    const result = await readSource({ ...workers, workspaceId, sourceId, signal });
    if (result.outcome === 'ok') return `${result.captured} events captured`;
    // The reason stands with the source, where whoever added it reads it.
    return result.outcome;
  },
});
