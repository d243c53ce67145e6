import { type Kysely, sql } from 'kysely';
import type { Role } from '@devpulse/contract/permissions';
import type { Database } from '@devpulse/db/schema.gen';

/** What an account is in one workspace. */
export interface AccountWorkspace {
  workspaceId: string;
  personId: string;
  role: Role;
  deactivatedAt: Date | null;
}

/** Every workspace of an account, the oldest membership first; also those in which it was deactivated. */
export async function listAccountWorkspaces(db: Kysely<Database>, accountId: string): Promise<AccountWorkspace[]> {
  const { rows } = await sql<AccountWorkspace>`
    select workspace_id as "workspaceId", person_id as "personId", role, deactivated_at as "deactivatedAt"
    from account_workspaces(${accountId})`.execute(db);
  return rows;
}
