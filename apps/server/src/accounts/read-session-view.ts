import { sql } from 'kysely';
import type { SessionView } from '@devpulse/contract/wire/session';
import type { Store } from '@devpulse/db/open-store';
import { findOwnerAccount } from './owner-account.ts';
import { hashSecret } from './secret-format.ts';

type WorkspaceEntry = SessionView['workspaces'][number];

interface SessionRow {
  account_id: string;
  account_name: string;
  workspace_id: string;
  person_id: string;
}

/** What the browser has to know before it can draw anything: who is signed in, and where they may act. */
export async function readSessionView(store: Store, secret: string | null): Promise<SessionView> {
  const hash = secret === null ? null : hashSecret('session', secret);
  const row = hash === null ? undefined : await findRow(store, hash);
  if (hash === null || row === undefined) return describeStranger(store);
  const workspaces = await listEntries(store, hash);
  return {
    state: 'signed_in',
    account: { id: row.account_id, name: row.account_name },
    workspace: workspaces.find((entry) => entry.id === row.workspace_id) ?? null,
    personId: row.person_id,
    workspaces,
  };
}

async function findRow(store: Store, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`select * from find_session(${hash})`.execute(store.app);
  return rows[0];
}

async function describeStranger(store: Store): Promise<SessionView> {
  const owner = await findOwnerAccount(store);
  const state = owner === null || owner.passwordHash === null ? 'needs_setup' : 'signed_out';
  return { state, account: null, workspace: null, personId: null, workspaces: [] };
}

async function listEntries(store: Store, hash: Buffer): Promise<WorkspaceEntry[]> {
  const { rows } = await sql<{ workspace_id: string; person_id: string }>`
    select * from session_workspaces(${hash})`.execute(store.app);
  const entries: WorkspaceEntry[] = [];
  // One after the other: an account has a handful, and each is seen only from inside.
  for (const row of rows) {
    const entry = await readEntry(store, row.workspace_id, row.person_id);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

async function readEntry(store: Store, workspaceId: string, personId: string): Promise<WorkspaceEntry | undefined> {
  return store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('workspaces as w')
      .innerJoin('people_members as m', 'm.workspace_id', 'w.id')
      .where('m.person_id', '=', personId)
      .select(['w.id', 'w.name', 'w.kind', 'm.role'])
      .executeTakeFirst(),
  );
}
