import { type RawBuilder, sql } from 'kysely';
import { type Day, dayInZone } from '@devpulse/contract/day';
import type { ViewableDetail, ViewableListQuery, ViewablePerson } from '@devpulse/contract/wire/viewers';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { findPerson } from '../people/find-person.ts';
import { containsFolded, foldInStore } from '../people/fold-text.ts';
import { cutPage, readCursor } from '../people/page-cursor.ts';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { type Looker, readToday } from './look-at-people.ts';
import { type Asking, demandView, peopleManagedBy, seesEverybody } from './may-view-person.ts';

interface PersonRow {
  person_id: string;
  name: string;
  sort_key: string;
}

/** A page of the others whose numbers somebody may ask for, by name. */
export async function listViewable(
  looker: Looker,
  query: ViewableListQuery,
): Promise<{ people: ViewablePerson[]; nextCursor: string | null }> {
  return looker.store.inWorkspace(looker.viewer.workspaceId, async (trx) => {
    const rows = await selectViewable(trx, { ...query, viewer: looker.viewer, day: await readToday(trx, looker.now) });
    const { page, nextCursor } = cutPage(rows, query.limit, (row) => [row.sort_key, row.person_id]);
    const avatars = await readAvatarLinks(
      trx,
      page.map((row) => row.person_id),
    );
    return {
      people: page.map(({ person_id, name }) => ({ id: person_id, name, avatar: avatars.get(person_id) ?? null })),
      nextCursor,
    };
  });
}

async function selectViewable(
  trx: WorkspaceTransaction,
  asked: ViewableListQuery & { viewer: Asking; day: Day },
): Promise<PersonRow[]> {
  const { viewer, day, search, cursor, limit } = asked;
  if (!seesEverybody(viewer) && viewer.role !== 'manager') return [];
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const isTold: RawBuilder<unknown> = seesEverybody(viewer)
    ? sql`(exists (select 1 from people_members m where m.workspace_id = ${ownWorkspace} and m.person_id = p.person_id)
        or exists (select 1 from lens_identities i where i.workspace_id = ${ownWorkspace} and i.person_id = p.person_id))`
    : sql`p.person_id in (${peopleManagedBy(viewer.personId, day)})`;
  const { rows } = await sql<PersonRow>`
    select * from (
      select p.person_id, p.name, ${foldInStore(sql`p.name`)} as sort_key
      from lens_people p
      where p.workspace_id = ${ownWorkspace} and ${isTold} and p.person_id <> ${viewer.personId}::uuid
        and ${search === undefined ? sql`true` : containsFolded(sql`p.name`, search)}
    ) told
    where ${after === undefined ? sql`true` : sql`(sort_key, person_id) > (${after[0]} collate "C", ${after[1]}::uuid)`}
    order by sort_key, person_id limit ${limit + 1}`.execute(trx);
  return rows;
}

/** One of them; refused as their numbers would be. Whoever only asks who it is has not looked at a number. */
export async function showViewable(looker: Looker, id: string): Promise<ViewableDetail> {
  const { store, viewer, now } = looker;
  return store.inWorkspace(viewer.workspaceId, async (trx) => {
    const personId = await findPerson(trx, id);
    await demandView(trx, viewer, personId, await readToday(trx, now));
    const { rows } = await sql<{ name: string; zone: string }>`
      select name, zone from lens_people where workspace_id = ${ownWorkspace} and person_id = ${personId}::uuid`.execute(
      trx,
    );
    const person = rows[0];
    if (person === undefined) throw new Error(`the person ${personId} was found and is not among the people`);
    const avatars = await readAvatarLinks(trx, [personId]);
    return { id: personId, ...person, avatar: avatars.get(personId) ?? null, today: dayInZone(now, person.zone) };
  });
}
