import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Viewer } from '../deps.ts';
import type { Founder } from './create-workspace.ts';

/** Whoever asks as they would begin in another workspace: called as here, with the zone they chose for themselves here. */
export async function readFounder(store: Store, viewer: Viewer): Promise<Founder> {
  const { accountId } = viewer;
  if (accountId === null) throw new AppError('forbidden', 'Only a person who signed in may do this.');
  const person = await store.inWorkspace(viewer.workspaceId, (trx) =>
    trx
      .selectFrom('people')
      .where('workspace_id', '=', ownWorkspace)
      .select(['name', 'zone'])
      .where('id', '=', viewer.personId)
      .executeTakeFirst(),
  );
  if (person === undefined) throw new AppError('not_found', 'You are nobody in this workspace any more.');
  return { accountId, name: person.name, zone: person.zone };
}
