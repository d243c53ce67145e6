import { type RawBuilder, sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Viewer } from '../deps.ts';
import { readNames } from '../people/list-people.ts';

/** Whoever asks, as far as it decides whose numbers they are told. */
export type Asking = Pick<Viewer, 'personId' | 'role'>;

/**
 * May they be told this person's numbers, as things stand on that day of the workspace? Everybody their own; owners and admins
 * everybody's; managers those of who is in a team that they manage. It decides about all days of the person: who manages
 * somebody now sees what they did before, and who managed them once sees nothing any more.
 */
export async function mayViewPerson(
  trx: WorkspaceTransaction,
  viewer: Asking,
  personId: string,
  day: Day,
): Promise<boolean> {
  if (personId === viewer.personId || seesEverybody(viewer)) return true;
  if (viewer.role !== 'manager') return false;
  const { rows } = await sql`
    select 1 from (${peopleManagedBy(viewer.personId, day)}) managed where managed.person_id = ${personId}::uuid`.execute(
    trx,
  );
  return rows.length > 0;
}

/** Refuses with what would have to change. */
export async function demandView(trx: WorkspaceTransaction, viewer: Asking, personId: string, day: Day): Promise<void> {
  if (await mayViewPerson(trx, viewer, personId, day)) return;
  const name = (await readNames(trx, [personId])).get(personId) ?? 'this person';
  throw new AppError(
    'forbidden',
    `The numbers of ${name} are told to ${name}, to owners and admins, and to managers of a team ${name} is in. ` +
      'To see them, become the manager of such a team; the workspace as a whole is open to everybody.',
  );
}

/** True for those who are told everybody's numbers. */
export function seesEverybody(viewer: Asking): boolean {
  return viewer.role === 'owner' || viewer.role === 'admin';
}

/** The people, one row each, who are on that day in a team that somebody manages on that day. */
export function peopleManagedBy(managerId: string, day: Day): RawBuilder<{ person_id: string }> {
  const isOn = (stay: RawBuilder<unknown>): RawBuilder<boolean> =>
    sql`${stay}.from_day <= ${day}::date and (${stay}.until_day is null or ${day}::date < ${stay}.until_day)`;
  return sql`
    -- Whom the id means today, where somebody decided since that they are somebody else.
    select distinct coalesce(l.person_id, theirs.person_id) as person_id
    from team_people own
    join teams t on t.workspace_id = own.workspace_id and t.id = own.team_id and t.archived_at is null
    join team_people theirs
      on theirs.workspace_id = own.workspace_id and theirs.team_id = own.team_id and theirs.duty = 'member'
    left join people_links l on l.workspace_id = theirs.workspace_id and l.identity_id = theirs.person_id
    where own.workspace_id = ${ownWorkspace} and own.duty = 'manager' and own.person_id = ${managerId}::uuid and ${isOn(sql`own`)} and ${isOn(sql`theirs`)}`;
}
