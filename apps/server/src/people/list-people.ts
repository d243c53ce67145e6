import { type RawBuilder, sql } from 'kysely';
import type { PersonListQuery, PersonView } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { findPerson } from './find-person.ts';
import { containsFolded, foldInStore } from './fold-text.ts';
import { cutPage, readCursor } from './page-cursor.ts';
import { type IdentityRow, readIdentitiesOf, toIdentityView } from './select-identities.ts';

export interface ListPeople extends Pick<PersonListQuery, 'search' | 'cursor' | 'limit'> {
  store: Store;
  workspaceId: string;
  /** Of this person alone is told under which identities and when they were seen; left out: of everybody. */
  tracesOf?: string | undefined;
}

interface PersonRow {
  person_id: string;
  name: string;
  zone: string;
  role: PersonView['role'];
  sort_key: string;
}

/** A page of people, alphabetically and never by how much they did. */
export async function listPeople(asked: ListPeople): Promise<{ people: PersonView[]; nextCursor: string | null }> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const rows = await selectPeople(trx, {
      ...asked,
      which: asked.search === undefined ? sql`true` : matches(asked.search, asked.tracesOf),
    });
    const { page, nextCursor } = cutPage(rows, asked.limit, (row) => [row.sort_key, row.person_id]);
    return {
      people: (await withIdentities(trx, page)).map((person) => hideTraces(person, asked.tracesOf)),
      nextCursor,
    };
  });
}

/** One person; the id of somebody who was merged into another answers that other. */
export async function showPerson(asked: {
  store: Store;
  workspaceId: string;
  personId: string;
  tracesOf?: string | undefined;
}): Promise<PersonView> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) =>
    hideTraces(await readPerson(trx, asked.personId), asked.tracesOf),
  );
}

/** The same inside a transaction. */
export async function readPerson(trx: WorkspaceTransaction, id: string): Promise<PersonView> {
  const personId = await findPerson(trx, id);
  const rows = await selectPeople(trx, { which: sql`p.person_id = ${personId}::uuid`, limit: 1 });
  const [person] = await withIdentities(trx, rows);
  if (person === undefined) throw new Error(`the person ${personId} was found and is not in the list of people`);
  return person;
}

/** The names of these people, for lists that mention them. */
export async function readNames(trx: WorkspaceTransaction, personIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ person_id: string; name: string }>`
    select person_id, name from lens_people where workspace_id = ${ownWorkspace} and person_id = any(${personIds}::uuid[])`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.person_id, row.name]));
}

async function selectPeople(
  trx: WorkspaceTransaction,
  asked: { which: RawBuilder<unknown>; cursor?: string | undefined; limit: number },
): Promise<PersonRow[]> {
  const after = asked.cursor === undefined ? undefined : readCursor(asked.cursor);
  // Settings outlive a merge, so that it can be undone; a person of whom only they are left is not listed.
  const { rows } = await sql<PersonRow>`
    select * from (
      select p.person_id, p.name, p.zone, m.role, ${foldInStore(sql`p.name`)} as sort_key
      from lens_people p
      left join people_members m on m.workspace_id = p.workspace_id and m.person_id = p.person_id
      where p.workspace_id = ${ownWorkspace} and ${asked.which}
        and (m.person_id is not null or p.person_id in (select i.person_id from lens_identities i where i.workspace_id = ${ownWorkspace} and i.person_id is not null))
    ) listed
    where ${after === undefined ? sql`true` : sql`(sort_key, person_id) > (${after[0]} collate "C", ${after[1]}::uuid)`}
    order by sort_key, person_id limit ${asked.limit + 1}`.execute(trx);
  return rows;
}

/** When somebody was last seen tells what they do; that is for whoever has to know who is who. */
function hideTraces(person: PersonView, tracesOf: string | undefined): PersonView {
  if (tracesOf === undefined || tracesOf === person.id) return person;
  return { ...person, identities: [], firstSeenAt: null, lastSeenAt: null };
}

function matches(search: string, tracesOf: string | undefined): RawBuilder<unknown> {
  // Who may not see addresses could find out by asking for them letter by letter.
  if (tracesOf !== undefined) return containsFolded(sql`p.name`, search);
  return sql`(${containsFolded(sql`p.name`, search)} or p.person_id in (
    select li.person_id from fact_identities i join lens_identities li on li.workspace_id = i.workspace_id and li.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and ${containsFolded(sql`concat_ws(' ', i.name, i.email, i.login)`, search)} and li.person_id is not null
  ))`;
}

async function withIdentities(trx: WorkspaceTransaction, rows: readonly PersonRow[]): Promise<PersonView[]> {
  const identities = await readIdentitiesOf(
    trx,
    rows.map((row) => row.person_id),
  );
  const byPerson = Map.groupBy(identities, (identity) => identity.person_id);
  const avatars = await readAvatarLinks(
    trx,
    rows.map((row) => row.person_id),
  );
  return rows.map((row) => ({
    ...toPersonView(row, byPerson.get(row.person_id) ?? []),
    avatar: avatars.get(row.person_id) ?? null,
  }));
}

function toPersonView(row: PersonRow, identities: readonly IdentityRow[]): Omit<PersonView, 'avatar'> {
  const seen = identities.filter((identity) => identity.kind === 'person');
  const instants = (pick: (identity: IdentityRow) => Date): number[] =>
    seen.map((identity) => pick(identity).getTime());
  const first = instants((identity) => identity.first_seen_at);
  const last = instants((identity) => identity.last_seen_at);
  return {
    id: row.person_id,
    name: row.name,
    zone: row.zone,
    role: row.role,
    identities: identities.map(toIdentityView),
    firstSeenAt: first.length === 0 ? null : new Date(Math.min(...first)).toISOString(),
    lastSeenAt: last.length === 0 ? null : new Date(Math.max(...last)).toISOString(),
  };
}
