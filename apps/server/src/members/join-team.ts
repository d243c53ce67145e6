import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { readToday } from '../viewers/look-at-people.ts';

/** Puts a new member into the team they were invited to, from today on. A team that is gone or archived by now is passed over. */
export async function joinTeam(
  trx: WorkspaceTransaction,
  join: { teamId: string; personId: string; newId: string; now: Date; actor: AuditActor },
): Promise<void> {
  const { teamId, personId } = join;
  const team = await trx
    .selectFrom('teams')
    .where('workspace_id', '=', ownWorkspace)
    .select(['id', 'name'])
    .where('id', '=', teamId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (team === undefined) return;
  const today = await readToday(trx, join.now);
  const { numAffectedRows } = await sql`
    insert into team_people (workspace_id, id, team_id, person_id, duty, from_day)
    select ${ownWorkspace}, ${join.newId}, ${teamId}, ${personId}, 'member', ${today}
    where not exists (
      select 1 from team_people s where s.workspace_id = ${ownWorkspace} and s.team_id = ${teamId} and s.person_id = ${personId} and s.duty = 'member'
        and (s.until_day is null or s.until_day > ${today}::date)
    )`.execute(trx);
  if (numAffectedRows === 0n) return;
  await recordAudit(trx, {
    actor: join.actor,
    action: 'team.person_added',
    target: { kind: 'team', id: teamId, name: team.name },
    after: { personId, duty: 'member', from: today },
  });
}
