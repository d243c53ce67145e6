import { sql } from 'kysely';
import { z } from 'zod';
import type { ReadinessCheck, ServerDeps } from '../deps.ts';
import { redactText } from '../redact-secrets.ts';
import { withinMs } from './within-ms.ts';

const checkMs = 2_000;

export const healthDetailSchema = z
  .object({
    version: z.string(),
    node: z.string(),
    upSeconds: z.number(),
    parts: z.array(z.object({ part: z.string(), ready: z.boolean(), reason: z.string().nullable() })),
    store: z
      .object({
        kind: z.enum(['embedded', 'external']),
        postgres: z.string(),
        bytes: z.number(),
        durable: z
          .boolean()
          .describe('Whether what was acknowledged is on disk: fsync and synchronous_commit are on, for both logins'),
        inbox: z.array(z.object({ state: z.string(), events: z.number(), oldest: z.iso.datetime().nullable() })),
        staleMarks: z.number(),
      })
      .nullable()
      .describe('null: the store does not answer'),
  })
  .meta({ id: 'HealthDetail' });
type HealthDetail = z.infer<typeof healthDetailSchema>;

type HealthDeps = Pick<ServerDeps, 'store' | 'instance' | 'readiness' | 'log'>;

/** Looks at every part; one that does not answer is told as such and keeps none of the others from answering. */
export async function readHealthDetail(deps: HealthDeps): Promise<HealthDetail> {
  return {
    version: deps.instance.version,
    node: process.versions.node,
    upSeconds: Math.round(process.uptime()),
    parts: await Promise.all(deps.readiness.map(look)),
    store: await withinMs(checkMs, readStore(deps)).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the store could not be looked at');
      return null;
    }),
  };
}

async function look({ part, check }: ReadinessCheck): Promise<HealthDetail['parts'][number]> {
  try {
    await withinMs(checkMs, check());
    return { part, ready: true, reason: null };
  } catch (error) {
    return { part, ready: false, reason: redactText(error instanceof Error ? error.message : String(error)) };
  }
}

/** Asked as whoever commits: a role may be set to hurry where the server is not. */
const durableSql = `current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable`;

async function readStore({ store, instance }: HealthDeps): Promise<HealthDetail['store']> {
  const { rows } = await sql<{ postgres: string; bytes: number; durable: boolean; stale: number }>`
    select current_setting('server_version') as postgres, pg_database_size(current_database()) as bytes,
           ${sql.raw(durableSql)}, stale_marks() as stale`.execute(store.app);
  const capture = await store.capture.query<{ durable: boolean }>(`select ${durableSql}`);
  const inbox = await sql<{ state: string; events: number; oldest: Date | null }>`select * from inbox_depth()`.execute(
    store.app,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('a select without from always has one row');
  return {
    kind: instance.store,
    postgres: row.postgres,
    bytes: row.bytes,
    durable: row.durable && capture.rows[0]?.durable === true,
    inbox: inbox.rows.map(({ oldest, ...each }) => ({ ...each, oldest: oldest?.toISOString() ?? null })),
    staleMarks: row.stale,
  };
}
