import { sql } from 'kysely';
import { z } from 'zod';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readSource } from '../sources/read-source.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';
import type { Workers } from './workers.ts';

interface Due {
  workspaceId: string;
  sourceId: string;
}

/** So many sources are read at a time: mostly one waits for an answer from far away. */
const readersMax = 4;
/** The next run goes on with what is left; a job has a quarter of an hour. */
const runMs = 10 * 60_000;

export const readSourcesJob = defineJob({
  name: 'read-sources',
  title: 'Looks at every source that is due',
  payload: z.object({}),
  schedule: '* * * * *',
  run: async (workers, _payload, signal) => {
    const due = await listDue(workers);
    const end = workers.now().getTime() + runMs;
    let captured = 0;
    let failed = 0;
    const readOn = async (): Promise<void> => {
      for (let next = due.shift(); next !== undefined && !signal.aborted; next = due.shift()) {
        const result = await readSource({ ...workers, ...next, signal });
        if (result.outcome === 'failed') failed += 1;
        if (result.outcome !== 'ok') continue;
        captured += result.captured;
        // One slice of a long past, then the others have their turn.
        if (result.left === 'more' && workers.now().getTime() < end) due.push(next);
      }
    };
    await Promise.all(Array.from({ length: readersMax }, readOn));
    return captured + failed === 0 ? undefined : `${captured} events captured, ${failed} sources failed`;
  },
});

async function listDue({ store }: Workers): Promise<Due[]> {
  const due: Due[] = [];
  for (const workspaceId of await listWorkspaces(store)) {
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ id: string }>`
        select id from sources
        where workspace_id = ${ownWorkspace} and state <> 'paused' and next_look_at <= now()
          and (lease_until is null or lease_until < now())
        order by next_look_at, id`.execute(trx),
    );
    due.push(...rows.map(({ id: sourceId }) => ({ workspaceId, sourceId })));
  }
  return due;
}
