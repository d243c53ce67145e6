import type { FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import type { AuditAction } from '@devpulse/contract/audit-actions';
import type { AuditMembers } from '@devpulse/contract/audit-details';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';

/** Who did it, and from where. */
export interface AuditActor {
  accountId: string | null;
  personId: string | null;
  /** `system` is the program by itself: a schedule, a retention. */
  via: 'session' | 'token' | 'device' | 'command line' | 'system' | 'nobody';
  address: string | null;
  requestId: string | null;
}

/** One entry of the audit log. Never a secret: what was changed, not the value of a password or token. */
export interface AuditNote<Action extends AuditAction = AuditAction> {
  actor: AuditActor;
  action: Action;
  /** What it was done to. `name` is for things; people are named when the log is read, from their id. */
  target?: { kind: string; id: string; name?: string };
  before?: AuditMembers<Action>;
  after?: AuditMembers<Action>;
}

const longestAddress = 100;
const longestText = 300;
const longestDetail = 16_384;

/** Whoever runs the command line: the operator of the machine. */
export const commandLineActor: AuditActor = {
  accountId: null,
  personId: null,
  via: 'command line',
  address: null,
  requestId: null,
};

/** The program by itself. */
export const systemActor: AuditActor = { ...commandLineActor, via: 'system' };

/** Whoever sent this request; `nobody` where it was not asked who that is, as at signing in. */
export function auditActor(request: FastifyRequest): AuditActor {
  const viewer = (request as Partial<FastifyRequest>).viewer;
  return {
    accountId: viewer?.accountId ?? null,
    personId: viewer?.personId ?? null,
    via: viewer?.via ?? 'nobody',
    address: request.ip,
    requestId: request.id,
  };
}

/**
 * Adds an entry to the log of the transaction's workspace; it is there exactly when the change is. Its place in the chain is
 * given at commit, so that it does not matter when in the transaction this is called.
 */
export async function recordAudit<Action extends AuditAction>(
  trx: WorkspaceTransaction,
  note: AuditNote<Action>,
): Promise<void> {
  const { actor, target } = note;
  await sql`
    insert into audit_entries (
      workspace_id, id, actor_account_id, actor_person_id, via, address, request_id, action,
      target_kind, target_id, target_name, before, after
    ) values (
      nullif(current_setting('app.workspace', true), '')::uuid, ${newId()}, ${actor.accountId}, ${actor.personId},
      ${actor.via}, ${cut(actor.address, longestAddress)}, ${cut(actor.requestId, longestAddress)}, ${note.action},
      ${cut(target?.kind, longestText)}, ${cut(target?.id, longestText)}, ${cut(target?.name, longestText)},
      ${detail(note.before)}, ${detail(note.after)}
    )`.execute(trx);
}

/**
 * For what happens to an account before a workspace is known, such as signing in: it goes to the account's personal workspace,
 * or else to the one it has been in the longest. An account that is in none leaves no entry.
 */
export async function recordAccountAudit<Action extends AuditAction>(
  store: Store,
  accountId: string,
  note: AuditNote<Action>,
): Promise<void> {
  const { rows } = await sql<{ id: string | null }>`select home_workspace(${accountId}) as id`.execute(store.app);
  const workspaceId = rows[0]?.id ?? null;
  if (workspaceId !== null) await store.inWorkspace(workspaceId, (trx) => recordAudit(trx, note));
}

/** PostgreSQL keeps no NUL in a text, and a stranger may have sent one. */
function cut(text: string | null | undefined, longest: number): string | null {
  return text == null ? null : text.replaceAll('\u0000', '').slice(0, longest).toWellFormed();
}

function detail(value: unknown): RawBuilder<unknown> {
  if (value === undefined) return sql`null`;
  const text = JSON.stringify(value);
  return sql`${text.length <= longestDetail ? text : JSON.stringify({ cut: `${text.length} characters` })}::text`;
}
