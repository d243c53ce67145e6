import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { HookView } from '@devpulse/contract/wire/hooks';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** A hook that we made, without its secret. */
export interface HookRow {
  id: string;
  connection_id: string;
  reach: 'repository' | 'organization';
  name: string;
  number: string;
  remote_number: string | null;
  events: string[];
  state: HookView['state'];
  state_reason: string | null;
  state_since: Date;
  pinged_at: Date | null;
  last_delivery_at: Date | null;
  last_gap_at: Date | null;
  sweep: unknown;
  swept_at: Date | null;
  created_at: Date;
}

/** Every hook of the workspace, or those of a connection. */
export async function readHooks(trx: WorkspaceTransaction, connectionId?: string): Promise<HookRow[]> {
  const { rows } = await sql<HookRow>`
    select id, connection_id, reach, name, number, remote_number, events, state, state_reason, state_since, pinged_at,
      last_delivery_at, last_gap_at, sweep, swept_at, created_at
    from hooks
    where workspace_id = ${ownWorkspace} and ${connectionId === undefined ? sql`true` : sql`connection_id = ${connectionId}::uuid`}
    order by name collate "C", id`.execute(trx);
  return rows;
}

/** One of them. */
export async function readHook(trx: WorkspaceTransaction, id: string): Promise<HookRow> {
  const found = (await readHooks(trx)).find((hook) => hook.id === id);
  if (found === undefined) throw new AppError('not_found', 'There is no such webhook; it may have been removed.');
  return found;
}

/** Where GitHub keeps it, below its API. */
export function pathOf({ reach, name }: Pick<HookRow, 'reach' | 'name'>): string {
  return reach === 'repository' ? `/repos/${name}/hooks` : `/orgs/${name}/hooks`;
}

/** A watched repository that is read with somebody's own grant, and who owns it. */
export interface HookTarget {
  connectionId: string;
  kind: 'oauth' | 'token' | 'app';
  fullName: string;
  number: string;
  ownerNumber: string | null;
  ownerLogin: string;
}

export async function readTarget(trx: WorkspaceTransaction, sourceId: string): Promise<HookTarget> {
  const { rows } = await sql<HookTarget>`
    select s.connection_id as "connectionId", c.kind, s.settings->>'fullName' as "fullName", s.settings->>'id' as number,
      r.owner_number as "ownerNumber", split_part(s.settings->>'fullName', '/', 1) as "ownerLogin"
    from sources s
    join connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
    left join connection_repositories r
      on r.workspace_id = s.workspace_id and r.connection_id = c.id and r.number = s.settings->>'id'
    where s.workspace_id = ${ownWorkspace} and s.id = ${sourceId}::uuid and s.connector = 'github'`.execute(trx);
  const [target] = rows;
  if (target === undefined)
    throw new AppError('not_found', 'There is no such source, or it is read without a connection to GitHub.');
  return target;
}

/** Names of other hooks that delivered of the same repositories lately, by hook. */
export async function readDoubles(trx: WorkspaceTransaction): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await sql<{ hook: string; other: string }>`
    with told as (
      select distinct d.hook, d.repository_number from hook_deliveries d
      where d.workspace_id = ${ownWorkspace} and d.repository_number is not null and d.received_at > now() - interval '7 days'
    )
    select distinct a.hook, case when b.hook = 'app' then 'the GitHub App' else coalesce(h.name, 'a hook that is gone') end as other
    from told a
    join told b on b.repository_number = a.repository_number and b.hook <> a.hook
    left join hooks h on h.workspace_id = ${ownWorkspace} and h.id::text = b.hook
    order by 1, 2`.execute(trx);
  return new Map(
    [...Map.groupBy(rows, (row) => row.hook)].map(([hook, found]) => [hook, found.map((row) => row.other)]),
  );
}

export function viewHook(row: HookRow, alsoToldBy: string[]): HookView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    reach: row.reach,
    name: row.name,
    state: row.state,
    reason: row.state_reason,
    stateSince: row.state_since.toISOString(),
    events: row.events,
    pingedAt: row.pinged_at?.toISOString() ?? null,
    lastDeliveryAt: row.last_delivery_at?.toISOString() ?? null,
    lastGapAt: row.last_gap_at?.toISOString() ?? null,
    sweptAt: row.swept_at?.toISOString() ?? null,
    alsoToldBy,
    createdAt: row.created_at.toISOString(),
  };
}
