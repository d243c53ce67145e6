import { sql } from 'kysely';
import { z } from 'zod';
import { sweepAppHook } from '../hooks-in/sweep-app-hook.ts';
import { sweepOwnHooks } from '../hooks-in/sweep-own-hooks.ts';
import { defineJob } from './job.ts';

export const sweepHooksJob = defineJob({
  name: 'sweep-hooks',
  title: 'Asks GitHub again for deliveries that did not come in',
  payload: z.object({}),
  schedule: '*/10 * * * *',
  run: async (workers, _payload, signal) => {
    const { githubParts, store } = workers;
    const results = [await sweepAppHook(githubParts)];
    const { rows } = await sql<{ id: string }>`select workspaces_with_hooks() as id`.execute(store.app);
    for (const { id } of rows) {
      if (signal.aborted) break;
      results.push(await sweepOwnHooks(githubParts, id, signal));
    }
    for (const source of results.flatMap((result) => result.soon)) workers.readSoon(source);
    const asked = results.reduce((sum, result) => sum + result.asked, 0);
    return asked === 0 ? undefined : `${asked} deliveries asked for again`;
  },
});
