import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { GithubParts } from '../connections/github-parts.ts';
import { hearHook } from '../connections/hear-hook.ts';
import type { ServerDeps } from '../deps.ts';
import { readPayload } from './read-payload.ts';
import { appHook } from './read-delivery.ts';
import { captureDelivery, findRepository } from './take-delivery.ts';

type Parts = Pick<GithubParts, 'store' | 'github'> & Pick<ServerDeps, 'capture'>;

interface Row {
  id: string;
  event: string;
  body: Buffer;
  body_encoding: string;
}

const perStep = 5;
const keptHours = 24;

/**
 * Gives what came for nobody to the workspace that has claimed its installation meanwhile. A crash in between gives it twice,
 * which is once: the key is the same.
 */
export async function handOver(parts: Parts, signal: AbortSignal): Promise<number> {
  await followUnclaimed(parts, signal);
  let handed = 0;
  while (!signal.aborted) {
    const { rows } = await sql<Row & { workspace_id: string; delivery: string }>`
      select * from list_claimed(${parts.github.host}, ${perStep})`.execute(parts.store.app);
    for (const row of rows) {
      const body = bodyOf(row);
      const repository = await findRepository(body);
      const delivery = { hook: appHook, id: row.delivery, event: row.event, body, repository };
      const { store, capture, github: githubHost } = parts;
      await captureDelivery({ store, capture, githubHost, telemetry: silent }, delivery, row.workspace_id);
      await sql`select forget_unclaimed(${[row.id]}::uuid[])`.execute(parts.store.app);
      handed += 1;
    }
    if (rows.length < perStep) break;
  }
  return handed;
}

/** Takes the bodies away of what is about repositories that nobody watches; what remains is that it was delivered. */
export async function stripUnwatched(store: Parts['store'], workspaceId: string): Promise<number> {
  const { numAffectedRows } = await store.inWorkspace(workspaceId, (trx) =>
    sql`
      update raw_events e set body = null, body_encoding = 'identity'
      where e.workspace_id = ${ownWorkspace} and e.arrival = 'webhook' and e.kind like 'unwatched.%' and e.state = 'ignored'
        and e.body is not null and e.received_at < now() - interval '1 hour'
        and exists (select 1 from hook_deliveries d where d.workspace_id = e.workspace_id and d.raw_event_id = e.id)`.execute(
      trx,
    ),
  );
  return Number(numAffectedRows ?? 0n);
}

/** Forgets what nobody has claimed for a day; answers how many that were. */
export async function trimUnclaimed(store: Parts['store']): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    select trim_unclaimed(now() - make_interval(hours => ${keptHours}))::integer as gone`.execute(store.app);
  return rows[0]?.gone ?? 0;
}

// They were counted when they came.
const silent = { eventsCaptured: (): void => undefined };

async function followUnclaimed({ store, github }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await sql<Row>`select * from list_unheard(${github.host}, ${perStep})`.execute(store.app);
    for (const row of rows) {
      const payload = row.event === 'installation' ? readPayload(bodyOf(row)) : undefined;
      if (payload !== undefined) await hearHook({ store, github }, { event: row.event, payload }, []);
      await sql`select note_app_delivery(${github.host}, now(), ${row.event === 'ping'})`.execute(store.app);
      await sql`select note_unclaimed_heard(${[row.id]}::uuid[])`.execute(store.app);
    }
    if (rows.length < perStep) return;
  }
}

function bodyOf({ body, body_encoding: encoding }: Row): Buffer {
  return encoding === 'gzip' ? gunzipSync(body) : body;
}
