import { sql } from 'kysely';
import { z } from 'zod';
import type { Store } from '@devpulse/db/open-store';

/** What was decided when somebody asked for the demo: enough to make the very same one again after any interruption. */
const planSchema = z.object({
  workspaceId: z.uuid(),
  /** The person whose board is shown. */
  personId: z.uuid(),
  seed: z.string(),
  endDay: z.iso.date(),
  until: z.number().int(),
  /** Who asked for it; null on the command line, or before anybody owned the instance. */
  accountId: z.uuid().nullable(),
});
export type DemoPlan = z.infer<typeof planSchema>;

const stateSchema = z.object({
  state: z.enum(['absent', 'making', 'ready', 'failed', 'removing']),
  plan: planSchema.nullable(),
  progress: z.object({ what: z.string(), done: z.number(), total: z.number().nullable() }).nullable(),
  error: z.string().nullable(),
  /** One maker at a time, also among several processes. */
  lease: z.object({ owner: z.string(), until: z.number() }).nullable(),
});
export type DemoState = z.infer<typeof stateSchema>;

export const noDemo: DemoState = { state: 'absent', plan: null, progress: null, error: null, lease: null };

const key = 'demo';

/** How it stands with the demo of this instance. */
export async function readDemoState(store: Store): Promise<DemoState> {
  const row = await store.app.selectFrom('instance_settings').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? noDemo : stateSchema.parse(row.value);
}

/**
 * Changes the state, one change after the other; `null` leaves it. `now` is the clock of the store, in seconds: leases of several
 * machines are compared by it. Answers the state that holds afterwards.
 */
export async function changeDemoState(
  store: Store,
  change: (state: DemoState, now: number) => DemoState | null,
): Promise<DemoState> {
  return store.app.transaction().execute(async (trx) => {
    await sql`
      insert into instance_settings (key, value) values (${key}, ${JSON.stringify(noDemo)}::jsonb)
      on conflict (key) do nothing`.execute(trx);
    const { rows } = await sql<{ value: unknown; now: number }>`
      select value, extract(epoch from clock_timestamp())::double precision as now
      from instance_settings where key = ${key} for update`.execute(trx);
    const before = stateSchema.parse(rows[0]?.value);
    const after = change(before, rows[0]?.now ?? 0);
    if (after === null) return before;
    await sql`update instance_settings set value = ${JSON.stringify(after)}::jsonb where key = ${key}`.execute(trx);
    return after;
  });
}
