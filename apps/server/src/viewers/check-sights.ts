import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { askSigned } from '../connections/ask-signed.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { credentialsOf } from '../connections/read-credential.ts';
import { refreshReach } from '../connections/refresh-reach.ts';
import { announceChange } from '../live/announce-change.ts';
import { privateRepositories } from './unseen-repositories.ts';

/** How many questions one run asks at most for a workspace; the next goes on. */
const asksMax = 500;

/**
 * Asks GitHub anew who may see which private repository of a workspace, where that is due: has listed what members' own connections
 * reach, and for everybody else asks the connection that watches it. Answers how many answers it had.
 */
export async function checkSights(parts: GithubParts, workspaceId: string, signal: AbortSignal): Promise<number> {
  const { store } = parts;
  const hasPrivate = await store.inWorkspace(workspaceId, async (trx) => {
    await forgetUnneeded(trx);
    const { rows } = await sql`select 1 from ${privateRepositories} p limit 1`.execute(trx);
    return rows.length > 0;
  });
  if (!hasPrivate) return 0;
  const listed = await relist(parts, workspaceId, signal);
  return listed + (await askAboutMembers(parts, workspaceId, signal));
}

/** What is open, or watched no more, needs nobody's sight. */
async function forgetUnneeded(trx: WorkspaceTransaction): Promise<void> {
  await sql`
    delete from repository_sights g where g.workspace_id = ${ownWorkspace}
      and g.repository_key not in (select p.repository_key from ${privateRepositories} p)`.execute(trx);
}

/** Has listed what members reach by their own connections. */
async function relist(parts: GithubParts, workspaceId: string, signal: AbortSignal): Promise<number> {
  const { rows } = await parts.store.inWorkspace(workspaceId, (trx) =>
    sql<{ id: string }>`
      select id from connections
      where workspace_id = ${ownWorkspace} and person_id is not null and relist_at <= now()
        and state in ('unchecked', 'ok', 'narrowed', 'sso')
      order by relist_at, id`.execute(trx),
  );
  let listed = 0;
  for (const { id } of rows) {
    if (signal.aborted) break;
    try {
      await refreshReach(parts, workspaceId, id, 'live');
      listed += 1;
      await parts.store.inWorkspace(workspaceId, (trx) =>
        announceChange(trx, workspaceId, { metrics: ['*'], sources: true }),
      );
    } catch (error) {
      // What was listed last counts as long as it may.
      const until = readDelay(error, parts.now());
      await parts.store.inWorkspace(workspaceId, (trx) =>
        sql`update connections set relist_at = ${until} where workspace_id = ${ownWorkspace} and id = ${id}::uuid`.execute(
          trx,
        ),
      );
    }
  }
  return listed;
}

interface Due {
  person_id: string;
  number: string;
  login: string | null;
  repository_key: string;
  connection_id: string;
  full_name: string;
}

/** Asks about every member who signed in with GitHub and whose own connection says nothing. */
async function askAboutMembers(parts: GithubParts, workspaceId: string, signal: AbortSignal): Promise<number> {
  const due = await parts.store.inWorkspace(workspaceId, readDue);
  const waiting = new Set<string>();
  let answered = 0;
  for (const one of due) {
    if (signal.aborted) break;
    if (waiting.has(one.connection_id)) continue;
    try {
      const maySee = await askPermission(parts, workspaceId, one);
      await parts.store.inWorkspace(workspaceId, (trx) => noteAnswer(trx, workspaceId, one, maySee));
      answered += 1;
    } catch (error) {
      const until = readDelay(error, parts.now());
      if (error instanceof SourceRefused && error.kind === 'throttled') waiting.add(one.connection_id);
      await parts.store.inWorkspace(workspaceId, (trx) => noteFailure(trx, workspaceId, one, until));
    }
  }
  return answered;
}

async function readDue(trx: WorkspaceTransaction): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select a.person_id, a.number, a.login, p.repository_key, way.connection_id, way.full_name
    from ${privateRepositories} p
    -- The connection that watches it, or the App: nobody's own token is spent on what it was not meant for.
    cross join lateral (
      select c.id as connection_id, coalesce(s.settings ->> 'fullName', r.full_name) as full_name
      from connections c
      left join sources s on s.workspace_id = c.workspace_id and s.connection_id = c.id and s.connector = 'github'
        and s.natural_key = p.repository_key
      left join connection_repositories r on r.workspace_id = c.workspace_id and r.connection_id = c.id and c.kind = 'app'
        and r.number = split_part(p.repository_key, '/', 2) and r.gone_at is null
      where c.workspace_id = ${ownWorkspace} and c.host = split_part(p.repository_key, '/', 1)
        and c.state in ('unchecked', 'ok', 'narrowed', 'sso') and (s.id is not null or r.number is not null)
      order by s.id is null, c.id limit 1
    ) way
    -- Of several accounts of one person the one that was connected last.
    cross join (
      select distinct on (person_id) person_id, number, login from github_accounts_here()
      order by person_id, connected_at desc, number
    ) a
    left join repository_sights g
      on g.workspace_id = ${ownWorkspace} and g.person_id = a.person_id and g.repository_key = p.repository_key
    where coalesce(g.due_at, '-infinity') <= now() and not exists (
      select 1 from connections own
      join connection_repositories r on r.workspace_id = own.workspace_id and r.connection_id = own.id
        and r.number = split_part(p.repository_key, '/', 2)
      where own.workspace_id = ${ownWorkspace} and own.person_id = a.person_id
        and own.host = split_part(p.repository_key, '/', 1) and own.state <> 'disconnected'
        and r.gone_at is null and r.seen_at > now() - interval '25 hours'
    )
    order by g.due_at nulls first, a.person_id, p.repository_key limit ${asksMax}`.execute(trx);
  return rows;
}

const permissionShape = z.looseObject({
  permission: z.string(),
  user: z.looseObject({ id: z.number().int() }).nullish(),
});
const userShape = z.looseObject({ id: z.number().int(), login: z.string() });

/** May this account read the repository? Asked by login, as GitHub wants it, and believed for the number alone. */
async function askPermission(parts: GithubParts, workspaceId: string, due: Due): Promise<boolean> {
  const known = due.login === null ? null : await askByLogin(parts, workspaceId, due, due.login);
  if (known !== null) return known;
  // The login belongs to somebody else now, or to nobody.
  const user = userShape.safeParse((await ask(parts, workspaceId, due, `/user/${due.number}`)).json);
  if (!user.success || String(user.data.id) !== due.number) throw notTold();
  const answer = await askByLogin(parts, workspaceId, due, user.data.login);
  if (answer === null) throw notTold();
  return answer;
}

/** Null: the answer is about another account. */
async function askByLogin(parts: GithubParts, workspaceId: string, due: Due, login: string): Promise<boolean | null> {
  const path = `/repos/${due.full_name}/collaborators/${encodeURIComponent(login)}/permission`;
  const { status, json } = await ask(parts, workspaceId, due, path);
  if (status === 404) return null;
  const read = permissionShape.safeParse(json);
  if (status !== 200 || !read.success)
    throw new SourceRefused('denied', `GitHub answered ${status} when asked who may see a repository.`, { status });
  return String(read.data.user?.id ?? '') === due.number ? read.data.permission !== 'none' : null;
}

function ask(parts: GithubParts, workspaceId: string, due: Due, path: string) {
  return askSigned(parts, credentialsOf(parts, workspaceId, due.connection_id), { path, lane: 'live' });
}

function notTold(): SourceRefused {
  return new SourceRefused('missing', 'GitHub does not say whether this account may see the repository.');
}

async function noteAnswer(trx: WorkspaceTransaction, workspaceId: string, due: Due, maySee: boolean): Promise<void> {
  const { rows } = await sql<{ could: boolean }>`
    select lost_at is null and checked_at is not null as could from repository_sights
    where workspace_id = ${ownWorkspace} and person_id = ${due.person_id}::uuid and repository_key = ${due.repository_key}`.execute(
    trx,
  );
  await sql`
    insert into repository_sights as g (workspace_id, person_id, repository_key, checked_at, lost_at, due_at)
    values (${workspaceId}, ${due.person_id}, ${due.repository_key}, now(), case when ${maySee} then null else now() end,
      now() + interval '1 day')
    on conflict (workspace_id, person_id, repository_key) do update set
      checked_at = excluded.checked_at, due_at = excluded.due_at,
      lost_at = case when ${maySee} then null else coalesce(g.lost_at, excluded.lost_at) end`.execute(trx);
  if ((rows[0]?.could ?? false) !== maySee) await announceChange(trx, workspaceId, { metrics: ['*'], sources: true });
}

/** What was known stays as it was: what nobody could confirm for three days is hidden by its age. */
async function noteFailure(trx: WorkspaceTransaction, workspaceId: string, due: Due, until: Date): Promise<void> {
  await sql`
    insert into repository_sights as g (workspace_id, person_id, repository_key, due_at)
    values (${workspaceId}, ${due.person_id}, ${due.repository_key}, ${until})
    on conflict (workspace_id, person_id, repository_key) do update set due_at = excluded.due_at`.execute(trx);
}

const hourMs = 3_600_000;

/** When a question that failed is asked again; what is no refusal of GitHub's is a fault of ours. */
function readDelay(error: unknown, now: Date): Date {
  const isExpected = error instanceof SourceRefused || error instanceof AppError;
  if (!isExpected) throw error;
  if (!(error instanceof SourceRefused)) return new Date(now.getTime() + hourMs);
  // A connection that may not ask is not given it within the hour.
  const hours = error.kind === 'denied' || error.kind === 'missing' ? 6 : 1;
  return error.until ?? new Date(now.getTime() + hours * hourMs);
}
