import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { refuseWhileErased } from '../sources/order-erasure.ts';
import { readConnection } from './connection-rows.ts';
import { canRead, describeState, endedStates } from './connection-states.ts';

interface Asked {
  workspaceId: string;
  connectionId: string;
  numbers: readonly string[];
  actor: AuditActor;
}

/** How much of them is read. */
interface Extent {
  branches: 'all' | 'default';
  history?: 'quarter' | 'year' | 'all' | undefined;
}

interface Reached {
  number: string;
  full_name: string;
  owner_login: string;
  included: boolean;
}

/** Has repositories read from now on. One that is watched by another connection stays with it while that one can read. */
export async function watchRepositories(
  trx: WorkspaceTransaction,
  asked: Asked & Extent,
): Promise<{ sourceIds: string[]; known: number }> {
  const { workspaceId, connectionId } = asked;
  const row = await readConnection(trx, connectionId);
  const { kind, login, state, state_detail: detail, host } = row;
  if (!canRead(state)) throw new AppError('conflict', describeState({ kind, login, state, detail }));
  const reached = await readReached(trx, asked);
  const sourceIds: string[] = [];
  let known = 0;
  for (const one of reached) {
    const added = await watchOne(trx, { ...asked, host, one });
    sourceIds.push(added.id);
    if (!added.isNew) known += 1;
  }
  await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
  return { sourceIds, known };
}

async function readReached(trx: WorkspaceTransaction, { connectionId, numbers }: Asked): Promise<Reached[]> {
  const { rows } = await sql<Reached>`
    select r.number, r.full_name, r.owner_login, coalesce(o.included, true) as included
    from connection_repositories r
    left join connection_organisations o
      on o.workspace_id = r.workspace_id and o.connection_id = r.connection_id and o.number = r.owner_number
    where r.workspace_id = ${ownWorkspace} and r.connection_id = ${connectionId}::uuid and r.gone_at is null
      and r.number = any(${[...numbers]}::text[])
    order by r.number`.execute(trx);
  const unknown = numbers.find((number) => !rows.some((row) => row.number === number));
  if (unknown !== undefined)
    throw new AppError(
      'not_found',
      `The connection reaches no repository with the number ${unknown}. Refresh the list.`,
    );
  const excluded = rows.find((row) => !row.included);
  if (excluded !== undefined)
    throw new AppError('conflict', `${excluded.owner_login} is switched off for this connection. Switch it on first.`);
  return rows;
}

async function watchOne(
  trx: WorkspaceTransaction,
  { workspaceId, connectionId, host, one, branches, history, actor }: Asked & Extent & { host: string; one: Reached },
): Promise<{ id: string; isNew: boolean }> {
  const key = keyOfRepository(host, one.number);
  await refuseWhileErased(trx, 'github', key);
  const settings = {
    host,
    id: Number(one.number),
    fullName: one.full_name,
    branches,
    ...(history === undefined ? {} : { history }),
  };
  const { rows } = await sql<{ id: string; is_new: boolean }>`
    insert into sources as s (workspace_id, id, connector, natural_key, name, settings, connection_id)
    values (${workspaceId}, ${newId()}, 'github', ${key}, ${one.full_name}, ${JSON.stringify(settings)}::jsonb, ${connectionId})
    on conflict (workspace_id, connector, natural_key) do update set
      name = excluded.name, settings = s.settings || excluded.settings,
      state = case when s.state = 'paused' then 'new' else s.state end,
      connection_id = case when exists (
        select 1 from connections c
        where c.workspace_id = ${ownWorkspace} and c.id = s.connection_id
          and c.state <> all(${[...endedStates]}::text[])
      ) then s.connection_id else excluded.connection_id end
    returning s.id, xmax = 0 as is_new`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new Error('an upsert with returning always gives a row');
  if (row.is_new)
    await recordAudit(trx, {
      actor,
      action: 'source.added',
      target: { kind: 'source', id: row.id, name: one.full_name },
      after: { connector: 'github' },
    });
  return { id: row.id, isNew: row.is_new };
}

/** Reads these no longer. What was read stays, and so does every number made of it. */
export async function unwatchRepositories(trx: WorkspaceTransaction, asked: Asked): Promise<number> {
  const { host } = await readConnection(trx, asked.connectionId);
  const keys = asked.numbers.map((number) => keyOfRepository(host, number));
  const { rows } = await sql<{ id: string; name: string }>`
    delete from sources
    where workspace_id = ${ownWorkspace} and connector = 'github' and connection_id = ${asked.connectionId}::uuid
      and natural_key = any(${keys}::text[]) returning id, name`.execute(trx);
  for (const { id, name } of rows)
    await recordAudit(trx, { actor: asked.actor, action: 'source.removed', target: { kind: 'source', id, name } });
  if (rows.length > 0) await announceChange(trx, asked.workspaceId, { sources: true, metrics: ['*'] });
  return rows.length;
}

/** As keys of facts and sources name a repository. */
export function keyOfRepository(host: string, number: string): string {
  return `${host}/${number}`;
}

/** A repository is called otherwise now: its source follows, and goes on where it was. */
export async function noteRepositoryName(
  trx: WorkspaceTransaction,
  host: string,
  number: string,
  fullName: string,
): Promise<void> {
  await sql`
    update sources set name = ${fullName}, settings = jsonb_set(settings, '{fullName}', to_jsonb(${fullName}::text))
    where workspace_id = ${ownWorkspace} and connector = 'github' and natural_key = ${keyOfRepository(host, number)}`.execute(
    trx,
  );
}
