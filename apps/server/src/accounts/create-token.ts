import { AppError } from '@devpulse/contract/errors';
import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { hashToken, makeToken } from './token-format.ts';

/** Makes a token for a person. This is the only moment at which it can be seen: the store keeps its hash. */
export async function createToken(wish: {
  store: Store;
  workspaceId: string;
  personId: string;
  name: string;
  scopes: readonly Scope[];
  expiresAt: Date | null;
}): Promise<{ id: string; token: string }> {
  const name = wish.name.trim();
  if (name === '' || name.length > 200)
    throw new AppError('invalid_request', 'A token needs a name of at most 200 characters.');
  const scopes = [...new Set(wish.scopes)].filter((scope) => scopeNames.includes(scope));
  if (scopes.length === 0 || scopes.length !== new Set(wish.scopes).size) {
    throw new AppError('invalid_request', `A token needs one scope or more of: ${scopeNames.join(', ')}.`);
  }
  const token = makeToken();
  const id = newId();
  await wish.store.inWorkspace(wish.workspaceId, async (trx) => {
    const person = await trx
      .selectFrom('people')
      .select('id')
      .where('workspace_id', '=', wish.workspaceId)
      .where('id', '=', wish.personId)
      .executeTakeFirst();
    if (person === undefined) throw new AppError('not_found', 'There is no such person in this workspace.');
    await trx
      .insertInto('account_tokens')
      .values({
        workspace_id: wish.workspaceId,
        id,
        person_id: wish.personId,
        name,
        prefix: token.slice(0, 9),
        token_hash: hashToken(token),
        scopes,
        expires_at: wish.expiresAt,
      })
      .execute();
  });
  return { id, token };
}
