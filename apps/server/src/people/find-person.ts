import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/**
 * The person meant by an id: a member, somebody whom identities stand for, or, for the id of an identity that was linked,
 * the person it stands for now. So an address that was kept before a merge still leads to the right person.
 */
export async function findPerson(trx: WorkspaceTransaction, id: string): Promise<string> {
  const { rows } = await sql<{ person_id: string }>`
    select ${id}::uuid as person_id, 1 as choice
    where exists (select 1 from people_members m where m.workspace_id = ${ownWorkspace} and m.person_id = ${id}::uuid)
       or exists (
         select 1 from people_links l
         join fact_identities i on i.workspace_id = l.workspace_id and i.id = l.identity_id
         where l.workspace_id = ${ownWorkspace} and l.person_id = ${id}::uuid and i.kind = 'person'
       )
    union all
    select coalesce(l.person_id, i.id), 2
    from fact_identities i
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and i.id = ${id}::uuid and i.kind = 'person'
    order by choice limit 1`.execute(trx);
  const found = rows[0];
  if (found === undefined) throw new AppError('not_found', `There is no person ${id}.`);
  return found.person_id;
}
