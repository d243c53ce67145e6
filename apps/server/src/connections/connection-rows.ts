import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { ConnectionState } from '@devpulse/contract/wire/connections';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { StateDetail } from './connection-states.ts';

export type ConnectionForm = 'oauth' | 'app user' | 'classic' | 'fine-grained' | 'installation';

/** A connection as it is stored, without its secrets. */
export interface ConnectionRow {
  id: string;
  kind: 'oauth' | 'token' | 'app';
  form: ConnectionForm;
  host: string;
  account_number: string;
  login: string;
  account_type: string;
  person_id: string | null;
  client_id: string | null;
  installation_number: string | null;
  repository_selection: 'all' | 'selected' | null;
  scopes: string[];
  agreed: string[];
  permissions: Record<string, string>;
  state: ConnectionState;
  state_detail: StateDetail | null;
  state_since: Date;
  expires_at: Date | null;
  checked_at: Date | null;
  created_at: Date;
}

/** Every connection of the workspace, or one. */
export async function readConnections(trx: WorkspaceTransaction, id?: string): Promise<ConnectionRow[]> {
  const { rows } = await sql<ConnectionRow>`
    select id, kind, form, host, account_number, login, account_type, person_id, client_id, installation_number,
      repository_selection, scopes, agreed, permissions, state, state_detail, state_since, expires_at, checked_at, created_at
    from connections
    where workspace_id = ${ownWorkspace} and ${id === undefined ? sql`true` : sql`id = ${id}::uuid`}
    order by created_at, id`.execute(trx);
  return rows;
}

export async function readConnection(trx: WorkspaceTransaction, id: string): Promise<ConnectionRow> {
  const [row] = await readConnections(trx, id);
  if (row === undefined) throw new AppError('not_found', 'There is no such connection; it may have been removed.');
  return row;
}

/**
 * As the audit log names a connection. Whose account it is, is looked up when the log is read, so that it can be forgotten; an
 * organisation on which the App is installed is a thing.
 */
export function targetOf(row: Pick<ConnectionRow, 'id' | 'kind' | 'login'>): {
  kind: string;
  id: string;
  name?: string;
} {
  return { kind: 'connection', id: row.id, ...(row.kind === 'app' ? { name: row.login } : {}) };
}

/** Whose limits a connection spends: those of the account or of the installation, shared by every token of it. */
export function budgetOf(row: Pick<ConnectionRow, 'kind' | 'host' | 'account_number' | 'installation_number'>): string {
  return row.kind === 'app'
    ? `${row.host}|installation|${row.installation_number ?? ''}`
    : `${row.host}|user|${row.account_number}`;
}
