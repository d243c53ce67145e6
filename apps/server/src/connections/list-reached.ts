import { sql } from 'kysely';
import type { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import type {
  OrganisationView,
  ReachedRepository,
  reachQuerySchema,
  ReachList,
} from '@devpulse/contract/wire/connections';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { ConnectionRow } from './connection-rows.ts';

interface Row {
  number: string;
  full_name: string;
  owner_login: string;
  is_private: boolean;
  is_fork: boolean;
  is_archived: boolean;
  default_branch: string | null;
  pushed_at: Date | null;
  seen_at: Date;
  change: string | null;
  change_from: string | null;
  gone_at: Date | null;
  included: boolean;
  source_id: string | null;
  source_state: string | null;
}

/** A page of what a connection reaches, by name, as it was when it was listed last. */
export async function listReached(
  trx: WorkspaceTransaction,
  row: ConnectionRow,
  query: z.infer<typeof reachQuerySchema>,
): Promise<ReachList> {
  const { search = '', owner, only, limit } = query;
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const isWatched = sql`s.id is not null`;
  const matching = sql`
    from connection_repositories r
    left join connection_organisations o
      on o.workspace_id = r.workspace_id and o.connection_id = r.connection_id and o.number = r.owner_number
    left join sources s
      on s.workspace_id = r.workspace_id and s.connector = 'github' and s.natural_key = ${row.host} || '/' || r.number
    where r.workspace_id = ${ownWorkspace} and r.connection_id = ${row.id}::uuid
      and position(lower(${search}) in lower(r.full_name)) > 0
      and ${owner === undefined ? sql`true` : sql`lower(r.owner_login) = lower(${owner})`}
      and ${only === undefined ? sql`true` : only === 'watched' ? isWatched : sql`not (${isWatched})`}`;
  const { rows } = await sql<Row>`
    select r.number, r.full_name, r.owner_login, r.is_private, r.is_fork, r.is_archived, r.default_branch, r.pushed_at, r.seen_at,
      r.change, r.change_from, r.gone_at, coalesce(o.included, true) as included, s.id as source_id, s.state as source_state
    ${matching}
      and ${after === null ? sql`true` : sql`(lower(r.full_name) collate "C", r.number) > (${after[0]}, ${after[1]})`}
    order by lower(r.full_name) collate "C", r.number limit ${limit + 1}`.execute(trx);
  const { rows: totals } = await sql<{ total: number }>`select count(*)::integer as total ${matching}`.execute(trx);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    repositories: page.map(viewReached),
    total: totals[0]?.total ?? 0,
    ...(await readOwners(trx, row.id)),
    next: rows.length > limit && last !== undefined ? writeCursor(last) : null,
  };
}

async function readOwners(
  trx: WorkspaceTransaction,
  connectionId: string,
): Promise<Pick<ReachList, 'owners' | 'listedAt'>> {
  const { rows } = await sql<{ owners: string[] | null; listed_at: Date | null }>`
    select array_agg(distinct owner_login) as owners, max(seen_at) as listed_at from connection_repositories
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid`.execute(trx);
  const [row] = rows;
  return { owners: (row?.owners ?? []).toSorted(), listedAt: row?.listed_at?.toISOString() ?? null };
}

function viewReached(row: Row): ReachedRepository {
  return {
    number: row.number,
    fullName: row.full_name,
    owner: row.owner_login,
    isPrivate: row.is_private,
    isFork: row.is_fork,
    isArchived: row.is_archived,
    defaultBranch: row.default_branch,
    pushedAt: row.pushed_at?.toISOString() ?? null,
    seenAt: row.seen_at.toISOString(),
    state: stateOf(row),
    message: describeChange(row),
    sourceId: row.source_id,
    sourceState: row.source_state,
  };
}

function stateOf(row: Row): ReachedRepository['state'] {
  if (row.change === 'deleted') return 'deleted';
  if (row.gone_at !== null) return 'unreachable';
  if (!row.included) return 'excluded';
  return row.is_archived ? 'archived' : 'there';
}

/** What became of it and what that means, in words; null where nothing did. */
function describeChange(row: Row): string | null {
  if (row.gone_at !== null && row.change !== 'deleted')
    return 'Not reached any more: deleted, made private, or access was taken away. What was read stays; it is read again once it is reached.';
  if (!row.included) return `${row.owner_login} is switched off for this connection.`;
  switch (row.change) {
    case 'deleted':
      return 'Deleted at GitHub. What was read stays until it is erased.';
    case 'renamed':
      return `Was called ${row.change_from ?? 'otherwise'}. It is the same repository, and its history goes on.`;
    case 'transferred':
      return `Was ${row.change_from ?? 'elsewhere'} and has another owner now. It is the same repository, and its history goes on.`;
    case 'made private':
      return 'Was made private. It is still reached, and read on.';
    case 'archived':
      return row.is_archived ? 'Archived: nothing changes in it any more. What was read stays.' : null;
    default:
      return row.is_archived ? 'Archived: nothing changes in it any more.' : null;
  }
}

function writeCursor(row: Row): string {
  return Buffer.from(JSON.stringify([row.full_name.toLowerCase(), row.number])).toString('base64url');
}

function readCursor(cursor: string): [string, string] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(read) && read.length === 2 && read.every((part) => typeof part === 'string'))
      return read as [string, string];
  } catch {
    // Answered below, like any other that is not of our making.
  }
  throw new AppError('invalid_request', 'The cursor is not one of ours.', {
    problems: [{ path: 'query.cursor', message: 'take `next` of the page before' }],
  });
}

/** The organisations of a connection, by name. */
export async function listOrganisations(trx: WorkspaceTransaction, row: ConnectionRow): Promise<OrganisationView[]> {
  const { rows } = await sql<Omit<OrganisationView, 'ssoUrl'> & { sso_url: string | null }>`
    select o.number, o.login, o.included, o.sso_url, count(r.number)::integer as repositories, count(s.id)::integer as watched
    from connection_organisations o
    left join connection_repositories r
      on r.workspace_id = o.workspace_id and r.connection_id = o.connection_id and r.owner_number = o.number and r.gone_at is null
    left join sources s
      on s.workspace_id = r.workspace_id and s.connector = 'github' and s.natural_key = ${row.host} || '/' || r.number
    where o.workspace_id = ${ownWorkspace} and o.connection_id = ${row.id}::uuid
    group by o.number, o.login, o.included, o.sso_url
    order by lower(o.login) collate "C", o.number`.execute(trx);
  return rows.map(({ sso_url, ...one }) => ({ ...one, ssoUrl: sso_url }));
}
