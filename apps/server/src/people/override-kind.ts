import { AppError } from '@devpulse/contract/errors';
import type { IdentityKind } from '@devpulse/contract/kind-rules';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { readIdentities } from './select-identities.ts';

export interface OverrideKind {
  store: Store;
  workspaceId: string;
  identityId: string;
  kind: IdentityKind;
  reason: string;
  by: string | null;
}

/** Decides what one identity is, whatever the rules say; returns the ids whose kind changed. */
export async function overrideKind(asked: OverrideKind): Promise<string[]> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    await readIdentities(trx, [asked.identityId]);
    const decision = { kind: asked.kind, reason: asked.reason, decided_by: asked.by, decided_at: new Date() };
    await trx
      .insertInto('people_kind_overrides')
      .values({ workspace_id: asked.workspaceId, identity_id: asked.identityId, ...decision })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'identity_id']).doUpdateSet(decision))
      .execute();
    return classifyIdentities(trx, [asked.identityId]);
  });
}

/** Lets the rules decide again. */
export async function dropKindOverride(asked: {
  store: Store;
  workspaceId: string;
  identityId: string;
}): Promise<string[]> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    await readIdentities(trx, [asked.identityId]);
    const removed = await trx
      .deleteFrom('people_kind_overrides')
      .where('workspace_id', '=', ownWorkspace)
      .where('identity_id', '=', asked.identityId)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n)
      throw new AppError('not_found', 'Nobody decided what this identity is; the rules do.');
    return classifyIdentities(trx, [asked.identityId]);
  });
}
