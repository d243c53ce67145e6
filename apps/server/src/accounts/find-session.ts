import { sql } from 'kysely';
import { type Role, scopeNames } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';

interface SessionRow {
  workspace_id: string;
  session_id: string;
  account_id: string;
  person_id: string;
  role: Role;
}

/** Whose session has this hash, and where it acts now; null when it counts no more. */
export async function findSession(store: Store, hash: Buffer): Promise<Viewer | null> {
  const { rows } = await sql<SessionRow>`select * from find_session(${hash})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    via: 'session',
    tokenId: null,
    sessionId: row.session_id,
    deviceId: null,
    accountId: row.account_id,
    scopes: scopeNames,
  };
}

/** Also what keeps a session alive: it ends thirty days after the last note. */
export async function noteSession(store: Store, hash: Buffer): Promise<void> {
  await sql`select touch_session(${hash})`.execute(store.app);
}
