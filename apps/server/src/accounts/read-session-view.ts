import { sql } from 'kysely';
import type { SessionView } from '@devpulse/contract/wire/session';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { ServerDeps } from '../deps.ts';
import { shownAddress } from './placeholder-address.ts';
import { hashSecret } from './secret-format.ts';

type WorkspaceEntry = SessionView['workspaces'][number];

type SessionParts = Pick<ServerDeps, 'store' | 'github' | 'mailer'>;

interface SessionRow {
  account_id: string;
  account_name: string;
  account_email: string;
  workspace_id: string;
  person_id: string;
}

/** What the browser has to know before it can draw anything: who is signed in, and where they may act. */
export async function readSessionView(deps: SessionParts, secret: string | null): Promise<SessionView> {
  const { store } = deps;
  const hash = secret === null ? null : hashSecret('session', secret);
  const row = hash === null ? undefined : await findRow(store, hash);
  if (hash === null || row === undefined) return describeStranger(deps);
  const workspaces = await listEntries(store, hash);
  return {
    state: 'signed_in',
    account: { id: row.account_id, name: row.account_name, email: shownAddress(row.account_email) },
    offers: listOffers(deps),
    workspace: workspaces.find((entry) => entry.id === row.workspace_id) ?? null,
    personId: row.person_id,
    workspaces,
    runsInstance: await runsInstance(store, row),
  };
}

async function findRow(store: Store, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`select * from find_session(${hash})`.execute(store.app);
  return rows[0];
}

async function runsInstance(store: Store, row: SessionRow): Promise<boolean> {
  const { rows } = await sql<{ runs: boolean }>`
    select runs_instance(${row.workspace_id}, ${row.person_id}, ${row.account_id}) as runs`.execute(store.app);
  return rows[0]?.runs === true;
}

async function describeStranger(deps: SessionParts): Promise<SessionView> {
  const { rows } = await sql<{ some: boolean }>`select anybody_can_sign_in() as some`.execute(deps.store.app);
  return describeOutsider(deps, rows[0]?.some === true ? 'signed_out' : 'needs_setup');
}

/** Somebody who is not in, and how far they have come. */
export function describeOutsider(deps: SessionParts, state: Exclude<SessionView['state'], 'signed_in'>): SessionView {
  return {
    state,
    account: null,
    offers: listOffers(deps),
    workspace: null,
    personId: null,
    workspaces: [],
    runsInstance: false,
  };
}

/** What is set up on this instance. */
export function listOffers(deps: SessionParts): SessionView['offers'] {
  return { github: deps.github !== null, mail: deps.mailer !== null };
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
      .where('w.id', '=', ownWorkspace)
      .innerJoin('people_members as m', 'm.workspace_id', 'w.id')
      .where('m.person_id', '=', personId)
      .select(['w.id', 'w.name', 'w.kind', 'm.role'])
      .executeTakeFirst(),
  );
}
