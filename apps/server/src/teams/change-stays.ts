import { sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { Duty, newStaySchema, TeamView, UpdateStay } from '@devpulse/contract/wire/teams';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { findPerson } from '../people/find-person.ts';
import { readNames } from '../people/list-people.ts';
import { readTeam } from './read-teams.ts';
import { type Changing, inChange, lockTeam, lockTeams, type TeamChange, type TeamRow } from './team-change.ts';

interface Stay {
  id: string;
  team_id: string;
  person_id: string;
  duty: Duty;
  from_day: Day;
  until_day: Day | null;
}

/** Puts somebody into a team; with `leaves` it is a move, whose two halves meet on one day. */
export async function addStay(
  change: TeamChange,
  teamId: string,
  wish: (typeof newStaySchema)['_output'],
): Promise<TeamView> {
  return inChange(change, async (changing) => {
    const { trx, workspaceId, today } = changing;
    if (wish.leaves === teamId) throw invalid('leaves', 'another team than the one that is joined');
    const teams = await lockTeams(trx, wish.leaves === undefined ? [teamId] : [teamId, wish.leaves]);
    const team = teams.get(teamId);
    if (team?.archived_at !== null)
      throw new AppError(
        'conflict',
        `The team "${team?.name ?? teamId}" is archived; take it out of the archive first.`,
      );
    const stay: Stay = {
      id: newId(),
      team_id: teamId,
      person_id: await findPerson(trx, wish.personId),
      duty: wish.duty,
      from_day: wish.from ?? today,
      until_day: wish.until ?? null,
    };
    if (stay.duty === 'manager') await demandRole(trx, stay.person_id);
    await demandFree(trx, stay, team);
    const left = wish.leaves === undefined ? undefined : teams.get(wish.leaves);
    if (left !== undefined) await leave(changing, left, stay);
    await trx
      .insertInto('team_people')
      .values({ workspace_id: workspaceId, ...stay })
      .execute();
    await note(changing, 'team.person_added', { team, stay, after: daysOf(stay) });
    return readTeam(trx, teamId, today);
  });
}

/** Moves the first day or the end of a stay; ending it today is how somebody leaves. */
export async function updateStay(
  change: TeamChange,
  ids: { id: string; stayId: string },
  wish: UpdateStay,
): Promise<TeamView> {
  return inChange(change, async (changing) => {
    const { trx, today } = changing;
    const team = await lockTeam(trx, ids.id);
    const before = await findStay(trx, ids);
    const after = {
      ...before,
      from_day: wish.from ?? before.from_day,
      until_day: wish.until === undefined ? before.until_day : wish.until,
    };
    await demandFree(trx, after, team);
    await trx
      .updateTable('team_people')
      .where('workspace_id', '=', ownWorkspace)
      .set({ from_day: after.from_day, until_day: after.until_day })
      .where('id', '=', before.id)
      .execute();
    await note(changing, 'team.stay_changed', { team, stay: after, before: daysOf(before), after: daysOf(after) });
    return readTeam(trx, ids.id, today);
  });
}

/** Strikes out a stay that never was: a slip, not somebody leaving. */
export async function removeStay(change: TeamChange, ids: { id: string; stayId: string }): Promise<TeamView> {
  return inChange(change, async (changing) => {
    const { trx, today } = changing;
    const team = await lockTeam(trx, ids.id);
    const stay = await findStay(trx, ids);
    await trx.deleteFrom('team_people').where('workspace_id', '=', ownWorkspace).where('id', '=', stay.id).execute();
    await note(changing, 'team.stay_removed', { team, stay, before: daysOf(stay) });
    return readTeam(trx, ids.id, today);
  });
}

async function findStay(trx: WorkspaceTransaction, { id, stayId }: { id: string; stayId: string }): Promise<Stay> {
  const stay = await trx
    .selectFrom('team_people')
    .where('workspace_id', '=', ownWorkspace)
    .select(['id', 'team_id', 'person_id', 'duty', 'from_day', 'until_day'])
    .where('id', '=', stayId)
    .where('team_id', '=', id)
    .executeTakeFirst();
  if (stay === undefined) throw new AppError('not_found', `There is no stay ${stayId} in this team.`);
  return stay;
}

/** Who manages a team sees numbers of people, and a role that may not would make the entry mean nothing. */
async function demandRole(trx: WorkspaceTransaction, personId: string): Promise<void> {
  const member = await trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('role')
    .where('person_id', '=', personId)
    .where('deactivated_at', 'is', null)
    .executeTakeFirst();
  if (member !== undefined && member.role !== 'member') return;
  const name = await nameOf(trx, personId);
  throw new AppError(
    'conflict',
    member === undefined
      ? `${name} cannot sign in to this workspace, so they can manage nobody; invite them first.`
      : `${name} has the role member here; give them the role manager first.`,
  );
}

async function demandFree(trx: WorkspaceTransaction, stay: Stay, team: TeamRow | undefined): Promise<void> {
  if (stay.until_day !== null && stay.until_day <= stay.from_day)
    throw invalid('until', `after ${stay.from_day}: it is the first day no longer in the team`);
  const { rows } = await sql<{ from_day: Day; until_day: Day | null }>`
    select s.from_day, s.until_day from team_people s
    left join people_links l on l.workspace_id = s.workspace_id and l.identity_id = s.person_id
    where s.workspace_id = ${ownWorkspace} and s.team_id = ${stay.team_id}::uuid and s.duty = ${stay.duty} and s.id <> ${stay.id}::uuid
      and coalesce(l.person_id, s.person_id) = coalesce(
        (select own.person_id from people_links own where own.workspace_id = ${ownWorkspace} and own.identity_id = ${stay.person_id}::uuid), ${stay.person_id}::uuid)
      and daterange(s.from_day, s.until_day) && daterange(${stay.from_day}::date, ${stay.until_day}::date)
    order by s.from_day limit 1`.execute(trx);
  const other = rows[0];
  if (other === undefined) return;
  const until = other.until_day === null ? 'on' : `until ${other.until_day}`;
  throw new AppError(
    'conflict',
    `${await nameOf(trx, stay.person_id)} is ${stay.duty} of "${team?.name ?? ''}" from ${other.from_day} ${until} already.`,
  );
}

async function leave(changing: Changing, team: TeamRow, joined: Stay): Promise<void> {
  const { trx } = changing;
  const { rows } = await sql<Stay>`
    select s.id, s.team_id, s.person_id, s.duty, s.from_day, s.until_day from team_people s
    left join people_links l on l.workspace_id = s.workspace_id and l.identity_id = s.person_id
    where s.workspace_id = ${ownWorkspace} and s.team_id = ${team.id}::uuid and coalesce(l.person_id, s.person_id) = ${joined.person_id}::uuid
      and s.duty = ${joined.duty} and s.from_day < ${joined.from_day}::date
      and (s.until_day is null or s.until_day > ${joined.from_day}::date)
    order by s.from_day limit 1`.execute(trx);
  const stay = rows[0];
  if (stay === undefined)
    throw new AppError(
      'conflict',
      `${await nameOf(trx, joined.person_id)} was not in "${team.name}" before ${joined.from_day}, so they cannot leave it then.`,
    );
  await trx
    .updateTable('team_people')
    .where('workspace_id', '=', ownWorkspace)
    .set({ until_day: joined.from_day })
    .where('id', '=', stay.id)
    .execute();
  const after = { ...stay, until_day: joined.from_day };
  await note(changing, 'team.stay_changed', { team, stay, before: daysOf(stay), after: daysOf(after) });
}

interface Told {
  team: TeamRow | undefined;
  stay: Stay;
  before?: object;
  after?: object;
}

async function note(
  { trx, actor }: Changing,
  action: 'team.person_added' | 'team.stay_changed' | 'team.stay_removed',
  { team, stay, ...days }: Told,
): Promise<void> {
  const target = { kind: 'team', id: stay.team_id, ...(team === undefined ? {} : { name: team.name }) };
  await recordAudit(trx, { actor, action, target, ...days });
}

function daysOf(stay: Stay): object {
  return { personId: stay.person_id, duty: stay.duty, from: stay.from_day, until: stay.until_day };
}

async function nameOf(trx: WorkspaceTransaction, personId: string): Promise<string> {
  return (await readNames(trx, [personId])).get(personId) ?? 'This person';
}

function invalid(field: string, message: string): AppError {
  return new AppError('invalid_request', 'These days do not make a stay.', {
    problems: [{ path: `body.${field}`, message }],
  });
}
