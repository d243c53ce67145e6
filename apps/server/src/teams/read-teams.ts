import { sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import type { StayView, TeamEntry, TeamView } from '@devpulse/contract/wire/teams';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { foldInStore } from '../people/fold-text.ts';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { noTeam } from './team-change.ts';

interface StayRow {
  id: string;
  person_id: string;
  name: string;
  duty: 'member' | 'manager';
  from_day: Day;
  until_day: Day | null;
}

/** A team with everybody who is, was or will be in it. */
export async function readTeam(trx: WorkspaceTransaction, id: string, today: Day): Promise<TeamView> {
  const team = await trx
    .selectFrom('teams')
    .where('workspace_id', '=', ownWorkspace)
    .select(['id', 'name', 'slug', 'archived_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (team === undefined) throw noTeam(id);
  const rows = await readStays(trx, id);
  const avatars = await readAvatarLinks(
    trx,
    rows.map((row) => row.person_id),
  );
  return {
    id: team.id,
    name: team.name,
    slug: team.slug,
    archivedAt: team.archived_at?.toISOString() ?? null,
    today,
    stays: rows.map((row) => toStayView(row, today, avatars)),
  };
}

async function readStays(trx: WorkspaceTransaction, teamId: string): Promise<StayRow[]> {
  // Somebody may have been found to be somebody else since; a person of whom nothing else is left has no name any more.
  const { rows } = await sql<StayRow>`
    select s.id, s.whom as person_id, coalesce(p.name, 'Unnamed') as name, s.duty, s.from_day, s.until_day
    from (
      select t.*, coalesce(l.person_id, t.person_id) as whom from team_people t
      left join people_links l on l.workspace_id = t.workspace_id and l.identity_id = t.person_id
      where t.workspace_id = ${ownWorkspace} and t.team_id = ${teamId}::uuid
    ) s
    left join lens_people p on p.workspace_id = s.workspace_id and p.person_id = s.whom
    order by ${foldInStore(sql`coalesce(p.name, '')`)}, s.whom, s.from_day desc, s.id`.execute(trx);
  return rows;
}

function toStayView(row: StayRow, today: Day, avatars: ReadonlyMap<string, string>): StayView {
  return {
    id: row.id,
    person: { id: row.person_id, name: row.name, avatar: avatars.get(row.person_id) ?? null },
    duty: row.duty,
    from: row.from_day,
    until: row.until_day,
    state: stateOn(today, { from: row.from_day, until: row.until_day }),
  };
}

/** Whether a stay is over, on, or still to come. Half open: on `until` it is over. */
export function stateOn(day: Day, stay: { from: Day; until: Day | null }): StayView['state'] {
  if (day < stay.from) return 'future';
  return stay.until !== null && day >= stay.until ? 'past' : 'present';
}

interface TeamListRow extends Pick<TeamEntry, 'id' | 'name' | 'slug' | 'members' | 'managers'> {
  archived_at: Date | null;
}

/** Teams by name, as they are on a day. */
export async function listTeams(
  trx: WorkspaceTransaction,
  asked: { archived: boolean; today: Day },
): Promise<TeamEntry[]> {
  const on = sql`s.from_day <= ${asked.today}::date and (s.until_day is null or ${asked.today}::date < s.until_day)`;
  const { rows } = await sql<TeamListRow>`
    select t.id, t.name, t.slug, t.archived_at,
      (select count(distinct coalesce(l.person_id, s.person_id)) from team_people s
        left join people_links l on l.workspace_id = s.workspace_id and l.identity_id = s.person_id
        where s.workspace_id = t.workspace_id and s.team_id = t.id and s.duty = 'member' and ${on})::integer as members,
      coalesce((
        select json_agg(json_build_object('id', p.person_id, 'name', p.name) order by ${foldInStore(sql`p.name`)}, p.person_id)
        from team_people s join lens_people p on p.workspace_id = s.workspace_id and p.person_id = s.person_id
        where s.workspace_id = t.workspace_id and s.team_id = t.id and s.duty = 'manager' and ${on}
      ), '[]'::json) as managers
    from teams t
    where t.workspace_id = ${ownWorkspace} and (${asked.archived} or t.archived_at is null)
    order by ${foldInStore(sql`t.name`)}, t.id`.execute(trx);
  return rows.map(({ archived_at, ...row }) => ({ ...row, archivedAt: archived_at?.toISOString() ?? null }));
}
