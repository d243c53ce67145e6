import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';

/** Ends a token at once and for ever. Says when that was, also for one that was revoked before. */
export async function revokeToken(wish: {
  store: Store;
  workspaceId: string;
  id: string;
}): Promise<{ revokedAt: Date }> {
  const row = await wish.store.inWorkspace(wish.workspaceId, (trx) =>
    trx
      .updateTable('account_tokens')
      .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
      .where('workspace_id', '=', wish.workspaceId)
      .where('id', '=', wish.id)
      .returning('revoked_at')
      .executeTakeFirst(),
  );
  if (row?.revoked_at == null) throw new AppError('not_found', 'There is no such token in this workspace.');
  return { revokedAt: row.revoked_at };
}
