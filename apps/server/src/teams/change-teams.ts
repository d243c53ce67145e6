import { AppError } from '@devpulse/contract/errors';
import type { NewTeam, TeamView, UpdateTeam } from '@devpulse/contract/wire/teams';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { readKind } from '../members/lock-members.ts';
import { foldText } from '../people/fold-text.ts';
import { readTeam } from './read-teams.ts';
import { type Changing, inChange, lockTeam, type TeamChange, type TeamRow } from './team-change.ts';

const teamsMax = 1000;
const slugLengthMax = 60;

/** Makes a team with nobody in it. */
export async function makeTeam(change: TeamChange, wish: NewTeam): Promise<TeamView> {
  return inChange(change, async ({ trx, workspaceId, actor, today }) => {
    await refuseAlone(trx);
    const { length } = await trx
      .selectFrom('teams')
      .where('workspace_id', '=', ownWorkspace)
      .select('id')
      .limit(teamsMax)
      .execute();
    if (length >= teamsMax) throw new AppError('conflict', `A workspace has at most ${teamsMax} teams.`);
    const id = newId();
    const slug = wish.slug ?? (await findFreeSlug(trx, wish.name));
    await trx
      .insertInto('teams')
      .values({ workspace_id: workspaceId, id, name: wish.name, slug })
      .execute()
      .catch((error: unknown) => refuseTakenSlug(error, slug));
    await recordAudit(trx, {
      actor,
      action: 'team.created',
      target: { kind: 'team', id, name: wish.name },
      after: { name: wish.name, slug },
    });
    return readTeam(trx, id, today);
  });
}

async function refuseAlone(trx: WorkspaceTransaction): Promise<void> {
  if ((await readKind(trx)) !== 'personal') return;
  throw new AppError(
    'conflict',
    'This workspace is yours alone, and teams are made of members. Make it a team’s, or make another.',
  );
}

/** Renames a team, gives it another address, or puts it into the archive and takes it out again. */
export async function updateTeam(change: TeamChange, id: string, wish: UpdateTeam): Promise<TeamView> {
  return inChange(change, async (changing) => {
    const before = await lockTeam(changing.trx, id);
    await rename(changing, before, wish);
    await archive(changing, before, wish);
    return readTeam(changing.trx, id, changing.today);
  });
}

async function rename({ trx, actor }: Changing, before: TeamRow, wish: UpdateTeam): Promise<void> {
  const after = { name: wish.name ?? before.name, slug: wish.slug ?? before.slug };
  if (after.name === before.name && after.slug === before.slug) return;
  await trx
    .updateTable('teams')
    .where('workspace_id', '=', ownWorkspace)
    .set(after)
    .where('id', '=', before.id)
    .execute()
    .catch((error: unknown) => refuseTakenSlug(error, after.slug));
  await recordAudit(trx, {
    actor,
    action: 'team.changed',
    target: { kind: 'team', id: before.id, name: after.name },
    before: { name: before.name, slug: before.slug },
    after,
  });
}

async function archive({ trx, actor, now }: Changing, before: TeamRow, wish: UpdateTeam): Promise<void> {
  if (wish.archived === undefined || wish.archived === (before.archived_at !== null)) return;
  await trx
    .updateTable('teams')
    .where('workspace_id', '=', ownWorkspace)
    .set({ archived_at: wish.archived ? now : null })
    .where('id', '=', before.id)
    .execute();
  await recordAudit(trx, {
    actor,
    action: wish.archived ? 'team.archived' : 'team.restored',
    target: { kind: 'team', id: before.id, name: wish.name ?? before.name },
  });
}

/** The address made of a name: what is no Latin letter or digit becomes a dash. */
export function slugOf(name: string): string {
  const slug = foldText(name)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, slugLengthMax - 5)
    .replaceAll(/^-|-$/g, '');
  return slug === '' ? 'team' : slug;
}

async function findFreeSlug(trx: WorkspaceTransaction, name: string): Promise<string> {
  const slug = slugOf(name);
  const rows = await trx
    .selectFrom('teams')
    .where('workspace_id', '=', ownWorkspace)
    .select('slug')
    .where('slug', 'like', `${slug}%`)
    .execute();
  const taken = new Set(rows.map((row) => row.slug));
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.has(wanted)) return wanted;
  }
}

function refuseTakenSlug(error: unknown, slug: string): never {
  // 23505 unique_violation: the only unique value that a caller chooses.
  if ((error as { code?: string }).code !== '23505') throw error;
  throw new AppError('conflict', `Another team has the address "${slug}" already; archived teams keep theirs.`, {
    cause: error,
  });
}
