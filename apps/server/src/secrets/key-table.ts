import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '@devpulse/db/schema.gen';
import type { DataKey } from './keyring.ts';
import { type NamedKey, openText, sealText } from './seal-text.ts';

/** A data key as the store has it: wrapped by a master key. */
export interface WrappedKey {
  id: string;
  workspaceId: string | null;
  state: DataKey['state'];
  masterId: string;
  wrapped: string;
  createdAt: Date;
  retiredAt: Date | null;
}

interface KeyRow {
  kid: string;
  workspace_id: string | null;
  state: DataKey['state'];
  master_id: string;
  wrapped: string;
  created_at: Date;
  retired_at: Date | null;
}

/** Who may ask: the application, or the owner during a rotation. */
export type KeyReader = Kysely<Database>;

/** What changes keys says so here, to every process at once. */
export const keysChannel = 'devpulse_keys';

/** The master key that wraps a data key is not among those we have. */
export class MasterKeyMissing extends Error {
  override name = 'MasterKeyMissing';
  readonly masterId: string;
  constructor(masterId: string) {
    super(`the master key ${masterId} is missing`);
    this.masterId = masterId;
  }
}

/** Every data key, wrapped, and the number of the last change that every process has to follow. */
export async function readWrappedKeys(db: KeyReader): Promise<{ version: number; keys: WrappedKey[] }> {
  // The number first: what is read after it is at least as new.
  const { rows: versions } = await sql<{ version: number }>`select secret_keys_version() as version`.execute(db);
  const { rows } = await sql<KeyRow>`select * from read_secret_keys()`.execute(db);
  return {
    version: versions[0]?.version ?? 0,
    keys: rows.map((row) => ({
      id: row.kid,
      workspaceId: row.workspace_id,
      state: row.state,
      masterId: row.master_id,
      wrapped: row.wrapped,
      createdAt: row.created_at,
      retiredAt: row.retired_at,
    })),
  };
}

/** A new data key with what the store keeps of it. */
export function makeDataKey(workspaceId: string | null, master: NamedKey): Omit<WrappedKey, 'createdAt' | 'retiredAt'> {
  const id = randomBytes(9).toString('base64url');
  const wrapped = sealText(randomBytes(32), describeKey(workspaceId, id), master);
  return { id, workspaceId, state: 'current', masterId: master.id, wrapped };
}

/** Opens a data key with the master key that wrapped it. */
export function unwrapKey(row: WrappedKey, masters: readonly NamedKey[]): DataKey {
  const master = masters.find((one) => one.id === row.masterId);
  if (master === undefined) throw new MasterKeyMissing(row.masterId);
  const key = openText(row.wrapped, describeKey(row.workspaceId, row.id), master);
  return { id: row.id, workspaceId: row.workspaceId, state: row.state, key };
}

/** The same data key, wrapped by another master key. */
export function wrapAgain(row: WrappedKey, masters: readonly NamedKey[], master: NamedKey): string {
  return sealText(unwrapKey(row, masters).key, describeKey(row.workspaceId, row.id), master);
}

/** Adds a workspace’s first data key; whoever comes second changes nothing. */
export async function addDataKey(db: KeyReader, key: Omit<WrappedKey, 'createdAt' | 'retiredAt'>): Promise<void> {
  await sql`select add_secret_key(${key.id}, ${key.workspaceId}, ${key.masterId}, ${key.wrapped})`.execute(db);
}

/** A secret of the instance, sealed; null when there is none yet. */
export async function readSecretValue(db: KeyReader, name: string): Promise<string | null> {
  const { rows } = await sql<{ sealed: string | null }>`select read_secret_value(${name}) as sealed`.execute(db);
  return rows[0]?.sealed ?? null;
}

/** Keeps a secret of the instance unless there is one of that name, and answers the one that is kept. */
export async function addSecretValue(db: KeyReader, name: string, sealed: string): Promise<string> {
  const { rows } = await sql<{ sealed: string }>`select add_secret_value(${name}, ${sealed}) as sealed`.execute(db);
  return rows[0]?.sealed ?? sealed;
}

function describeKey(workspaceId: string | null, id: string): string {
  return `${workspaceId ?? 'instance'}|secret_keys|wrapped|${id}`;
}
