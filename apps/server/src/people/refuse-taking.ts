import { AppError } from '@devpulse/contract/errors';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readToday } from '../viewers/look-at-people.ts';
import { mayViewPerson } from '../viewers/may-view-person.ts';
import { readNames } from './list-people.ts';

/**
 * Whoever says who is who must not come to numbers that way which are not theirs to see: authors of another member are moved by
 * those who may see that member's numbers. Authors who stand for themselves can be anybody's, and are placed by every manager.
 */
export async function refuseTaking(
  trx: WorkspaceTransaction,
  moves: readonly { from: string }[],
  by: string | null,
): Promise<void> {
  const acting = by === null ? undefined : await readRole(trx, by);
  if (by === null || acting === undefined) return;
  const viewer = { personId: by, role: acting.role };
  const members = await trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('person_id')
    .where('person_id', 'in', [...new Set(moves.map((move) => move.from))])
    .where('deactivated_at', 'is', null)
    .execute();
  const today = await readToday(trx, new Date());
  for (const { person_id: id } of members) {
    if (await mayViewPerson(trx, viewer, id, today)) continue;
    const name = (await readNames(trx, [id])).get(id) ?? 'this person';
    throw new AppError(
      'forbidden',
      `These are authors of ${name}, whose numbers are not yours to see. An owner or admin can move them.`,
    );
  }
}

async function readRole(trx: WorkspaceTransaction, personId: string) {
  return trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('role')
    .where('person_id', '=', personId)
    .executeTakeFirst();
}
