import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { type LiveChange, liveChangeSchema } from '@devpulse/contract/wire/live';
import type { Store } from '@devpulse/db/open-store';
import type { Database } from '@devpulse/db/schema.gen';

/** The channel of the store on which every process says what changed, and every API process listens. */
export const liveChannel = 'devpulse_live';

// PostgreSQL refuses 8000 bytes and more; then everything may have changed, which is true as well.
const payloadBytesMax = 7_900;

/** Short names: hundreds of metrics shall fit. */
const payloadSchema = z.object({
  w: z.uuid(),
  m: liveChangeSchema.shape.metrics,
  s: liveChangeSchema.shape.sources,
  p: liveChangeSchema.shape.people,
});

/**
 * Tells all processes what changed in a workspace. Inside a transaction it is heard when that is committed, and only then.
 */
export async function announceChange(
  trx: Kysely<Database>,
  workspaceId: string,
  change: Partial<LiveChange>,
): Promise<void> {
  await sql`select pg_notify(${liveChannel}, ${writePayload(workspaceId, change)})`.execute(trx);
}

/** The same on its own, for what is committed already. */
export function publishChange(store: Store, workspaceId: string, change: Partial<LiveChange>): Promise<void> {
  return announceChange(store.app, workspaceId, change);
}

function writePayload(workspaceId: string, change: Partial<LiveChange>): string {
  const { metrics = [], sources = false, people = false } = change;
  const write = (m: readonly string[]): string => JSON.stringify({ w: workspaceId, m, s: sources, p: people });
  const text = write(metrics);
  return Buffer.byteLength(text) <= payloadBytesMax ? text : write(['*']);
}

/** Null for what is not of our making: anybody who may sign in to the database may notify. */
export function readPayload(text: string): { workspaceId: string; change: LiveChange } | null {
  try {
    const { w, m, s, p } = payloadSchema.parse(JSON.parse(text));
    return { workspaceId: w, change: { metrics: m, sources: s, people: p } };
  } catch {
    // Nothing of ours is lost: `announceChange` is the only writer, and its payloads are tested to be read back.
    return null;
  }
}
