import { AppError } from '@devpulse/contract/errors';
import type { WorkspacePlace } from '@devpulse/contract/wire/workspaces';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { type ActingAs, lockMembers, readActingRole } from '../members/lock-members.ts';
import { createWorkspace, type Founder } from './create-workspace.ts';
import { readSlug, takeAnySlug } from './take-slug.ts';

/**
 * Makes a personal workspace a team's, with everything in it, so that others can be invited. Its owner gets a new, empty
 * personal one first: an account is always at home somewhere.
 */
export async function becomeTeam(wish: {
  store: Store;
  workspaceId: string;
  founder: Founder;
  /** What it is called from now on: several people have a workspace of the same first name. */
  name: string;
  as: ActingAs & { personId: string };
}): Promise<WorkspacePlace> {
  const { store, workspaceId, founder, name, as } = wish;
  const before = await store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('workspaces')
      .where('id', '=', ownWorkspace)
      .select(['kind', 'zone', 'week_start'])
      .executeTakeFirstOrThrow(),
  );
  if (before.kind !== 'personal')
    throw new AppError('conflict', `This workspace is ${before.kind === 'team' ? 'a team’s already' : 'the demo'}.`);
  await createWorkspace({
    store,
    kind: 'personal',
    founder,
    name: 'My work',
    slug: null,
    zone: before.zone,
    weekStart: before.week_start,
    actor: as.actor,
  });
  return store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    if ((await readActingRole(trx, as)) !== 'owner') throw new AppError('forbidden', 'Only its owner can do this.');
    const { name: former } = await trx
      .selectFrom('workspaces')
      .where('id', '=', ownWorkspace)
      .select('name')
      .executeTakeFirstOrThrow();
    await trx.updateTable('workspaces').set({ kind: 'team', name }).where('id', '=', workspaceId).execute();
    const known = name === former ? await readSlug(trx) : null;
    const slug = known ?? (await takeAnySlug(trx, workspaceId, name));
    await recordAudit(trx, {
      actor: as.actor,
      action: 'workspace.became_team',
      target: { kind: 'workspace', id: workspaceId, name },
      before: { kind: 'personal', name: former },
      after: { kind: 'team', name, slug },
    });
    await announceChange(trx, workspaceId, { people: true });
    return { id: workspaceId, slug, name };
  });
}
