import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { keyOfRepository } from '../connections/watch-repositories.ts';
import { makeDue } from '../sources/make-due.ts';
import type { Heard } from './heard.ts';
import { hearSightChanges } from './hear-sight.ts';

/** They tell that there is something, and not all of it: the rest is to be asked for. */
const tellsOfMore = new Map<string, readonly string[] | 'any'>([
  ['push', 'any'],
  ['create', 'any'],
  ['delete', 'any'],
  ['repository', 'any'],
  ['public', 'any'],
  // Its commits and files are in no delivery.
  ['pull_request', ['opened', 'synchronize', 'reopened', 'closed']],
]);

/** Whoever may see what may have changed by it. */
const touchSight = new Set([
  'installation',
  'installation_repositories',
  'member',
  'membership',
  'organization',
  'public',
  'repository',
  'team',
  'team_add',
]);

interface Noted {
  workspaceId: string;
  host: string;
  heard: readonly Heard[];
  /** Null: there are more. */
  heardTo: Date | null;
}

/** Writes into the log of deliveries what they are about; answers which sources are to be looked at soon. */
export async function noteHeard(
  trx: WorkspaceTransaction,
  { workspaceId, host, heard, heardTo }: Noted,
): Promise<string[]> {
  await insertDeliveries(trx, workspaceId, heard);
  await flagRepeats(trx, heard);
  await noteHooks(trx, heard);
  const keyOf = ({ repository }: Heard): string[] =>
    repository === null ? [] : [keyOfRepository(host, repository.number)];
  const due = await makeDue(trx, workspaceId, [...new Set(heard.filter(asksForLook).flatMap(keyOf))]);
  await stampSources(trx, [...new Set(heard.flatMap(keyOf))]);
  await hearSightChanges(
    trx,
    { workspaceId, host },
    heard.flatMap(({ sight }) => (sight === null ? [] : [sight])),
  );
  if (heardTo !== null)
    await sql`
      insert into hook_marks as m (workspace_id, heard_to) values (${workspaceId}, ${heardTo})
      on conflict (workspace_id) do update set heard_to = greatest(m.heard_to, excluded.heard_to)`.execute(trx);
  return due;
}

function asksForLook({ event, action }: Heard): boolean {
  const actions = tellsOfMore.get(event);
  return actions === 'any' || (actions?.includes(action ?? '') ?? false);
}

async function insertDeliveries(
  trx: WorkspaceTransaction,
  workspaceId: string,
  heard: readonly Heard[],
): Promise<void> {
  for (const one of heard)
    await sql`
      insert into hook_deliveries (
        workspace_id, raw_event_id, hook, delivery, event, action, repository_number, repository_name, body_sha256,
        touches_sight, received_at
      )
      select ${workspaceId}, e.id, ${one.hook}, ${one.delivery}, ${one.event}, ${one.action}, ${one.repository?.number ?? null},
        ${one.repository?.name ?? null}, e.body_sha256, ${touchSight.has(one.event)}, e.received_at
      from raw_events e where e.workspace_id = ${ownWorkspace} and e.id = ${one.id}::uuid
      on conflict do nothing`.execute(trx);
}

/** GitHub repeats a delivery under its own id. The same body under another one was sent again by somebody who had it. */
async function flagRepeats(trx: WorkspaceTransaction, heard: readonly Heard[]): Promise<void> {
  const { rows } = await sql<{ raw_event_id: string; hook: string; delivery: string; event: string }>`
    update hook_deliveries d set repeats_event_id = (
      select f.raw_event_id from hook_deliveries f
      where f.workspace_id = d.workspace_id and f.hook = d.hook and f.body_sha256 = d.body_sha256
      order by f.received_at, f.raw_event_id limit 1
    )
    where d.workspace_id = ${ownWorkspace} and d.raw_event_id = any(${heard.map(({ id }) => id)}::uuid[])
      and d.repeats_event_id is null and exists (
        select 1 from hook_deliveries f
        where f.workspace_id = d.workspace_id and f.hook = d.hook and f.body_sha256 = d.body_sha256
          and (f.received_at, f.raw_event_id) < (d.received_at, d.raw_event_id)
      )
    returning d.raw_event_id, d.hook, d.delivery, d.event`.execute(trx);
  for (const { raw_event_id: id, delivery, event } of rows)
    await recordAudit(trx, {
      actor: systemActor,
      action: 'hook.repeated_delivery',
      target: { kind: 'delivery', id, name: delivery },
      after: { event },
    });
}

async function noteHooks(trx: WorkspaceTransaction, heard: readonly Heard[]): Promise<void> {
  for (const [hook, group] of Map.groupBy(heard, (one) => one.hook)) {
    const last = group.at(-1)?.receivedAt ?? null;
    const pinged = group.find((one) => one.event === 'ping')?.receivedAt ?? null;
    await sql`
      update hooks set last_delivery_at = greatest(last_delivery_at, ${last}::timestamptz),
        pinged_at = coalesce(pinged_at, ${pinged}::timestamptz),
        state_since = case when state in ('waiting', 'removed') then now() else state_since end,
        state_reason = case when state = 'removed' then null else state_reason end,
        state = case when state in ('waiting', 'removed') then 'active' else state end
      where workspace_id = ${ownWorkspace} and id::text = ${hook}`.execute(trx);
  }
}

/** They told something, whether or not there is more to ask for. */
async function stampSources(trx: WorkspaceTransaction, keys: readonly string[]): Promise<void> {
  await sql`
    update sources set last_event_at = now()
    where workspace_id = ${ownWorkspace} and connector = 'github' and natural_key = any(${[...keys]}::text[])
      and (last_event_at is null or last_event_at < now() - interval '10 seconds')`.execute(trx);
}
