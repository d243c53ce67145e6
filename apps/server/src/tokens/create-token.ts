import { AppError } from '@devpulse/contract/errors';
import { type Scope, scopeNames, scopesForRole } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Keyring } from '../secrets/keyring.ts';
import { hashToken, makeToken, tokenPepper } from './token-format.ts';

/** What is asked for. */
export interface TokenWish {
  workspaceId: string;
  personId: string;
  name: string;
  scopes: readonly Scope[];
  expiresAt: Date | null;
  keyring: Pick<Keyring, 'derive'>;
}

/** Makes a token for a person. This is the only moment at which it can be seen: the store keeps its hash. */
export async function createToken(wish: TokenWish & { store: Store }): Promise<{ id: string; token: string }> {
  return wish.store.inWorkspace(wish.workspaceId, (trx) => insertToken(trx, wish));
}

/** The same within a transaction of the workspace. */
export async function insertToken(trx: WorkspaceTransaction, wish: TokenWish): Promise<{ id: string; token: string }> {
  const name = wish.name.trim();
  if (name === '' || name.length > 200)
    throw new AppError('invalid_request', 'A token needs a name of at most 200 characters.');
  const scopes = [...new Set(wish.scopes)].filter((scope) => scopeNames.includes(scope));
  if (scopes.length === 0 || scopes.length !== new Set(wish.scopes).size) {
    throw new AppError('invalid_request', `A token needs one scope or more of: ${scopeNames.join(', ')}.`);
  }
  await refuseUselessScopes(trx, wish.personId, scopes);
  const token = makeToken();
  const id = newId();
  await trx
    .insertInto('account_tokens')
    .values({
      workspace_id: wish.workspaceId,
      id,
      person_id: wish.personId,
      name,
      prefix: token.slice(0, 9),
      token_hash: hashToken(wish.keyring.derive(tokenPepper), token),
      scopes,
      expires_at: wish.expiresAt,
    })
    .execute();
  return { id, token };
}

/** What the role does not allow the token would not allow either, at each request; better said now. */
async function refuseUselessScopes(
  trx: WorkspaceTransaction,
  personId: string,
  scopes: readonly Scope[],
): Promise<void> {
  const member = await trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('role')
    .where('person_id', '=', personId)
    .where('deactivated_at', 'is', null)
    .executeTakeFirst();
  if (member === undefined) throw new AppError('not_found', 'There is no such person in this workspace.');
  const useless = scopes.filter((scope) => !scopesForRole(member.role).includes(scope));
  if (useless.length > 0)
    throw new AppError('forbidden', `A ${member.role} can use nothing of: ${useless.join(', ')}. Leave it out.`);
}
