import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';

/** Which token; with a person only theirs. */
export interface TokenChoice {
  workspaceId: string;
  id: string;
  personId?: string;
}

/** Ends a token at once and for ever. Says when that was, also for one that was revoked before. */
export async function revokeToken(wish: TokenChoice & { store: Store }): Promise<{ revokedAt: Date }> {
  return wish.store.inWorkspace(wish.workspaceId, (trx) => endToken(trx, wish));
}

/** The same within a transaction of the workspace, with what is known of the token. */
export async function endToken(
  trx: WorkspaceTransaction,
  { workspaceId, id, personId }: TokenChoice,
): Promise<{ revokedAt: Date; name: string; prefix: string; personId: string }> {
  const row = await trx
    .updateTable('account_tokens')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .$if(personId !== undefined, (query) => query.where('person_id', '=', personId ?? ''))
    .returning(['revoked_at', 'name', 'prefix', 'person_id'])
    .executeTakeFirst();
  if (row?.revoked_at == null) throw new AppError('not_found', 'There is no such token in this workspace.');
  return { revokedAt: row.revoked_at, name: row.name, prefix: row.prefix, personId: row.person_id };
}
