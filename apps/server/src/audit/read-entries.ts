import { type RawBuilder, sql } from 'kysely';
import { auditActions } from '@devpulse/contract/audit-actions';
import type { AuditChoices, AuditEntry, AuditPage } from '@devpulse/contract/wire/audit';
import { isId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { describeChanges, listNamedIds } from './describe-changes.ts';
import type { StoredEntry } from './hash-entry.ts';

/** Which entries. */
export interface AuditFilter {
  action?: string | undefined;
  actor?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface AuditReading {
  store: Store;
  workspaceId: string;
  /** In whose time zone days begin and end. */
  personId: string;
  filter: AuditFilter;
}

interface NamedEntry extends StoredEntry {
  actor_id: string | null;
  actor_name: string | null;
  target_person_name: string | null;
}

/** An entry before it is known what ids in it stand for. */
type Shown = Omit<AuditEntry, 'about' | 'changes'>;

/** One page of the log, newest first. */
export async function readAuditPage(
  reading: AuditReading,
  page: { cursor?: string | undefined; limit: number },
): Promise<AuditPage> {
  const rows = await readBelow(reading, { below: page.cursor ?? null, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { entries: shown, nextCursor: rows.length > page.limit && last !== undefined ? String(last.seq) : null };
}

/** Every entry that passes, newest first, a thousand at a time. */
export async function* readAllEntries(reading: AuditReading): AsyncGenerator<AuditEntry[]> {
  let below: string | null = null;
  for (;;) {
    const entries: AuditEntry[] = await readBelow(reading, { below, limit: 1000 });
    if (entries.length === 0) return;
    yield entries;
    below = String(entries.at(-1)?.seq);
  }
}

/** What the log of a workspace holds: actions and people that the filters can name. */
export function readAuditChoices({
  store,
  workspaceId,
  personId,
}: Omit<AuditReading, 'filter'>): Promise<AuditChoices> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows: actions } = await sql<{ action: string }>`
      select distinct e.action from audit_entries e where e.workspace_id = ${ownWorkspace} and ${isTold(personId)}`.execute(
      trx,
    );
    const { rows: actors } = await sql<{ personId: string; name: string }>`
      select p.id as "personId", p.name from people p
      where p.workspace_id = ${workspaceId}
        and exists (
          select 1 from audit_entries e where e.workspace_id = p.workspace_id and (
            e.actor_person_id = p.id or e.actor_person_id is null and e.actor_account_id in (
              select own.account_id from account_members own
              where own.workspace_id = p.workspace_id and own.person_id = p.id)))
      order by p.name collate "C", p.id`.execute(trx);
    return {
      actions: actions
        .map(({ action }) => ({ action, title: titleOf(action) }))
        .toSorted((one, two) => one.title.localeCompare(two.title, 'en')),
      actors,
    };
  });
}

async function readBelow(
  { store, workspaceId, personId, filter }: AuditReading,
  page: { below: string | null; limit: number },
): Promise<AuditEntry[]> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const zone = await readZone(trx, workspaceId, personId);
    const found = await sql<NamedEntry>`
      select e.workspace_id, e.id, e.seq, e.at, e.actor_account_id, e.actor_person_id, e.via, e.address, e.request_id, e.action,
             e.target_kind, e.target_id, e.target_name, e.before, e.after, e.hash, e.erased_at,
             actor.id as actor_id, actor.name as actor_name, coalesce(target.name, linked.login) as target_person_name
      from audit_entries e
      -- Whoever signed in was an account before it was known who that is here.
      left join account_members own
        on own.workspace_id = e.workspace_id and e.actor_person_id is null and own.account_id = e.actor_account_id
      left join people actor
        on actor.workspace_id = e.workspace_id and actor.id = coalesce(e.actor_person_id, own.person_id)
      left join people target
        on target.workspace_id = e.workspace_id and e.target_kind = 'person' and target.id::text = e.target_id
      left join connections linked
        on linked.workspace_id = e.workspace_id and e.target_kind = 'connection' and linked.id::text = e.target_id
      where e.workspace_id = ${workspaceId} and ${isTold(personId)}
        and (${page.below}::bigint is null or e.seq < ${page.below}::bigint)
        and (${filter.action ?? null}::text is null or e.action = ${filter.action ?? null}::text)
        and (${filter.actor ?? null}::uuid is null or actor.id = ${filter.actor ?? null}::uuid)
        and (${filter.from ?? null}::date is null or e.at >= ${filter.from ?? null}::date::timestamp at time zone ${zone})
        and (${filter.to ?? null}::date is null or e.at < (${filter.to ?? null}::date + 1)::timestamp at time zone ${zone})
      order by e.seq desc limit ${page.limit}`.execute(trx);
    const entries = found.rows.map(presentEntry);
    const names = await readNames(trx, entries);
    return entries.map((entry) => ({
      ...entry,
      about: findAbout(entry, names),
      changes: describeChanges(entry, names),
    }));
  });
}

/** Names are not written down, so that they can be forgotten; whom and what entries name by an id is looked up. */
async function readNames(trx: WorkspaceTransaction, entries: readonly Shown[]): Promise<Map<string, string>> {
  const named = entries.map(listNamedIds);
  const abouts = entries.map(idOfAbout).filter((id) => id !== null);
  const people = [...new Set([...abouts, ...named.flatMap((ids) => ids.people)])];
  const teams = [...new Set(named.flatMap((ids) => ids.teams))];
  const { rows } = await sql<{ id: string; name: string }>`
    select p.id, p.name from people p where p.workspace_id = ${ownWorkspace} and p.id = any(${people}::uuid[])
    union all
    select t.id, t.name from teams t where t.workspace_id = ${ownWorkspace} and t.id = any(${teams}::uuid[])`.execute(
    trx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function findAbout(entry: Shown, names: ReadonlyMap<string, string>): AuditEntry['about'] {
  const personId = idOfAbout(entry);
  const name = personId === null ? undefined : names.get(personId);
  return personId === null || name === undefined ? null : { personId, name };
}

function idOfAbout({ target, before, after }: Shown): string | null {
  if (target?.kind === 'person') return null;
  const { personId } = { ...asMembers(before), ...asMembers(after) };
  return typeof personId === 'string' && isId(personId) ? personId : null;
}

function asMembers(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * A workspace that was somebody's own has their signing in and out in its log: where they were, and when. Once it is a team's,
 * that stays theirs; what they did in the workspace is told to everybody who may read the log.
 */
function isTold(personId: string): RawBuilder<boolean> {
  return sql`not (
    split_part(e.action, '.', 1) in ('account', 'session', 'device') and exists (
      select 1 from audit_entries made
      where made.workspace_id = e.workspace_id and made.action = 'workspace.became_team' and made.seq > e.seq
        and made.actor_person_id is distinct from ${personId}::uuid
    )
  )`;
}

async function readZone(trx: WorkspaceTransaction, workspaceId: string, personId: string): Promise<string> {
  const { rows } = await sql<{ zone: string }>`
    select coalesce(p.zone, w.zone) as zone from workspaces w
    left join people p on p.workspace_id = w.id and p.id = ${personId} where w.id = ${workspaceId}`.execute(trx);
  return rows[0]?.zone ?? 'UTC';
}

function presentEntry(row: NamedEntry): Shown {
  return {
    seq: row.seq,
    id: row.id,
    at: row.at.toISOString(),
    action: row.action,
    title: titleOf(row.action),
    actor: {
      personId: row.actor_person_id ?? row.actor_id,
      accountId: row.actor_account_id,
      name: row.actor_name,
      via: row.via as AuditEntry['actor']['via'],
    },
    address: row.address,
    requestId: row.request_id,
    target:
      row.target_kind === null || row.target_id === null
        ? null
        : { kind: row.target_kind, id: row.target_id, name: row.target_person_name ?? row.target_name },
    before: parse(row.before),
    after: parse(row.after),
    isErased: row.erased_at !== null,
    hash: row.hash.toString('hex'),
  };
}

/** An older or newer version may have known other actions; they are shown as they were written. */
function titleOf(action: string): string {
  return (auditActions as Record<string, string>)[action] ?? action;
}

function parse(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}
