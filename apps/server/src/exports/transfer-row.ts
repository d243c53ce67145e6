import { createHash, randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { TransferView } from '@devpulse/contract/wire/data';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** How long a file is kept after it was asked for. */
export const keptHours = 24;

export interface TransferRow {
  id: string;
  kind: 'export' | 'import';
  scope: 'mine' | 'workspace';
  accountId: string;
  personId: string;
  state: Exclude<TransferView['state'], 'expired'>;
  apply: boolean;
  progress: TransferView['progress'];
  summary: TransferView['summary'];
  error: string | null;
  bytes: number;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date;
}

const columns = sql`
  id, kind, scope, account_id as "accountId", person_id as "personId", state, apply, progress, summary, error,
  bytes::double precision as bytes, created_at as "createdAt", finished_at as "finishedAt", expires_at as "expiresAt"`;

/** The transfers of this workspace that an account asked for, the newest first; other people's are nobody else's business. */
export async function listTransfers(trx: WorkspaceTransaction, accountId: string): Promise<TransferRow[]> {
  const { rows } = await sql<TransferRow>`
    select ${columns} from transfers where workspace_id = ${ownWorkspace} and account_id = ${accountId} order by created_at desc, id desc limit 20`.execute(
    trx,
  );
  return rows;
}

/** One of them, locked where it is going to be changed. */
export async function findTransfer(
  trx: WorkspaceTransaction,
  wish: { id: string; accountId: string; lock?: boolean },
): Promise<TransferRow | null> {
  const lock = wish.lock === true ? sql`for update` : sql``;
  const { rows } = await sql<TransferRow>`
    select ${columns} from transfers where workspace_id = ${ownWorkspace} and id = ${wish.id}::uuid and account_id = ${wish.accountId} ${lock}`.execute(
    trx,
  );
  return rows[0] ?? null;
}

/** Adds one; answers its id. */
export async function addTransfer(
  trx: WorkspaceTransaction,
  wish: { workspaceId: string; accountId: string; personId: string } & Pick<
    TransferRow,
    'kind' | 'scope' | 'state' | 'bytes'
  >,
): Promise<string> {
  const id = newId();
  await sql`
    insert into transfers (workspace_id, id, kind, scope, account_id, person_id, state, bytes)
    values (${wish.workspaceId}, ${id}, ${wish.kind}, ${wish.scope}, ${wish.accountId}, ${wish.personId}, ${wish.state}, ${wish.bytes})`.execute(
    trx,
  );
  return id;
}

/** Changes columns of one. */
export async function changeTransfer(trx: WorkspaceTransaction, id: string, set: RawBuilder<unknown>): Promise<void> {
  await sql`update transfers set ${set} where workspace_id = ${ownWorkspace} and id = ${id}::uuid`.execute(trx);
}

/** A new secret for the link of an export, of which only the hash is kept; an earlier link ends. */
export async function replaceLink(trx: WorkspaceTransaction, id: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await changeTransfer(trx, id, sql`link_hash = ${hashLink(secret)}`);
  return secret;
}

/** The export behind a link, for the account that asked for it and while it lives. */
export async function findByLink(
  trx: WorkspaceTransaction,
  wish: { id: string; accountId: string; secret: string },
): Promise<TransferRow | null> {
  const { rows } = await sql<TransferRow>`
    select ${columns} from transfers
    where workspace_id = ${ownWorkspace} and id = ${wish.id}::uuid and account_id = ${wish.accountId} and kind = 'export' and state = 'done'
      and link_hash = ${hashLink(wish.secret)} and expires_at > now()`.execute(trx);
  return rows[0] ?? null;
}

function hashLink(secret: string): Buffer {
  return createHash('sha256').update('devpulse export link\n').update(secret).digest();
}

/** Reads the parts of a file one by one, each in a transaction of its own. */
export async function* readParts(store: Store, workspaceId: string, transferId: string): AsyncGenerator<Buffer> {
  for (let part = 0; ; part += 1) {
    const body = await store.inWorkspace(workspaceId, async (trx) => {
      const { rows } = await sql<{ body: Buffer }>`
        select body from transfer_parts where workspace_id = ${ownWorkspace} and transfer_id = ${transferId}::uuid and part = ${part}`.execute(
        trx,
      );
      return rows[0]?.body ?? null;
    });
    if (body === null) return;
    yield body;
  }
}

/** Writes one part; the same number again replaces it. */
export async function writePart(
  trx: WorkspaceTransaction,
  at: { workspaceId: string; transferId: string; part: number },
  body: Buffer,
): Promise<void> {
  await sql`
    insert into transfer_parts (workspace_id, transfer_id, part, body)
    values (${at.workspaceId}, ${at.transferId}, ${at.part}, ${body})
    on conflict (workspace_id, transfer_id, part) do update set body = excluded.body`.execute(trx);
}

/** As it is shown to whoever asked for it. */
export function describeTransfer(row: TransferRow, now: Date): TransferView {
  return {
    id: row.id,
    kind: row.kind,
    scope: row.scope,
    state: row.expiresAt <= now ? 'expired' : row.state,
    progress: row.progress,
    summary: row.summary,
    error: row.error,
    bytes: row.bytes,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
  };
}
