import type { Store } from '@devpulse/db/open-store';

/** A token as lists show it; what it is worth nobody can read any more. */
export interface TokenEntry {
  id: string;
  personId: string;
  personName: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Tokens of a workspace or of one person in it, newest first, revoked ones included: a list that forgets is no record. */
export async function listTokens(question: {
  store: Store;
  workspaceId: string;
  personId?: string;
}): Promise<TokenEntry[]> {
  const { store, workspaceId, personId } = question;
  return store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('account_tokens as t')
      .innerJoin('people as p', (join) =>
        join.onRef('p.workspace_id', '=', 't.workspace_id').onRef('p.id', '=', 't.person_id'),
      )
      .where('t.workspace_id', '=', workspaceId)
      .$if(personId !== undefined, (query) => query.where('t.person_id', '=', personId ?? ''))
      .select([
        't.id',
        't.person_id as personId',
        'p.name as personName',
        't.name',
        't.prefix',
        't.scopes',
        't.created_at as createdAt',
        't.expires_at as expiresAt',
        't.last_used_at as lastUsedAt',
        't.revoked_at as revokedAt',
      ])
      .orderBy('t.id', 'desc')
      .execute(),
  );
}
