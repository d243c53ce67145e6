import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';

/**
 * Switches an organisation on or off. Off: none of its repositories is read, until it is on again; those that were watched go on
 * where they stopped. Answers the sources that can be read now.
 */
export async function includeOrganisation(
  trx: WorkspaceTransaction,
  asked: { workspaceId: string; connectionId: string; number: string; included: boolean; actor: AuditActor },
): Promise<string[]> {
  const { workspaceId, connectionId, number, included } = asked;
  const { rows } = await sql<{ login: string; included: boolean }>`
    select login, included from connection_organisations
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and number = ${number} for update`.execute(
    trx,
  );
  const [before] = rows;
  if (before === undefined)
    throw new AppError('not_found', 'This connection knows no such organisation. Refresh the list.');
  if (before.included === included) return [];
  await sql`
    update connection_organisations set included = ${included}
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and number = ${number}`.execute(trx);
  const ids = included ? await resume(trx, connectionId, number) : await pause(trx, connectionId, number, before.login);
  await recordAudit(trx, {
    actor: asked.actor,
    action: 'connection.organisation_changed',
    target: { kind: 'connection', id: connectionId, name: before.login },
    before: { included: before.included },
    after: { included },
  });
  await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
  return included ? ids : [];
}

const ofOrganisation = (connectionId: string, number: string) => sql`
  s.workspace_id = ${ownWorkspace} and s.connector = 'github' and s.connection_id = ${connectionId}::uuid and exists (
    select 1 from connection_repositories r
    where r.workspace_id = s.workspace_id and r.connection_id = s.connection_id and r.owner_number = ${number}
      and s.natural_key like '%/' || r.number)`;

/** Those that somebody paused by hand stay paused by hand. */
async function pause(
  trx: WorkspaceTransaction,
  connectionId: string,
  number: string,
  login: string,
): Promise<string[]> {
  const error = { code: 'excluded', message: `${login} is switched off. What was read stays.` };
  const { rows } = await sql<{ id: string }>`
    update sources s set state = 'paused', progress = null, last_error = ${JSON.stringify(error)}::jsonb
    where s.state <> 'paused' and ${ofOrganisation(connectionId, number)} returning s.id`.execute(trx);
  return rows.map((row) => row.id);
}

async function resume(trx: WorkspaceTransaction, connectionId: string, number: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update sources s set state = 'new', last_error = null
    where s.state = 'paused' and s.last_error ->> 'code' = 'excluded' and ${ofOrganisation(connectionId, number)}
    returning s.id`.execute(trx);
  return rows.map((row) => row.id);
}
