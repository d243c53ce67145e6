import { sql } from 'kysely';
import { type Day, dayInZone } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { FreezeList, FreezeView } from '@devpulse/contract/wire/people';
import { allResources } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { freezeLimit, judgeFreezes, stateOfFreeze } from './judge-freezes.ts';
import { type Asker, readOwnSettings } from './update-me.ts';

export interface FreezeAsker extends Asker {
  /** Metrics whose days are days with work: those that the streak is made from. */
  workMetrics: readonly string[];
}

/** All freezes of a person, newest first, and whether another one can be taken. */
export async function listFreezes(asker: FreezeAsker): Promise<FreezeList> {
  return asker.store.inWorkspace(asker.workspaceId, (trx) => readList(trx, asker));
}

/** Freezes the person's today: the streak neither grows nor breaks. Work on that day gives the freeze back. */
export async function freezeToday(asker: FreezeAsker): Promise<FreezeView> {
  return asker.store.inWorkspace(asker.workspaceId, async (trx) => {
    // Two requests at once would each see room for one more.
    await trx
      .selectFrom('people')
      .where('workspace_id', '=', ownWorkspace)
      .select('id')
      .where('id', '=', asker.personId)
      .forUpdate()
      .execute();
    const { today, freezes } = await readList(trx, asker);
    if (freezes.some((freeze) => freeze.day === today)) throw new AppError('conflict', `${today} is frozen already.`);
    const { left, nextPossibleOn } = judgeFreezes(freezes, today);
    if (left === 0) {
      throw new AppError(
        'conflict',
        `${freezeLimit.freezes} freezes were taken within ${freezeLimit.days} days; the next one is possible on ${nextPossibleOn}.`,
      );
    }
    await trx
      .insertInto('people_freezes')
      .values({ workspace_id: asker.workspaceId, person_id: asker.personId, day: today })
      .execute();
    const made = (await readList(trx, asker)).freezes.find((freeze) => freeze.day === today);
    if (made === undefined) throw new Error('a freeze that was just written is not in the list');
    return made;
  });
}

/** Takes back the freeze of a day that is not over. */
export async function cancelFreeze(asker: FreezeAsker, day: Day): Promise<void> {
  await asker.store.inWorkspace(asker.workspaceId, async (trx) => {
    const { today, freezes } = await readList(trx, asker);
    if (!freezes.some((freeze) => freeze.day === day)) throw new AppError('not_found', `${day} is not frozen.`);
    if (day < today)
      throw new AppError('conflict', `${day} is over; only the freeze of a day that is not can be taken back.`);
    await trx
      .deleteFrom('people_freezes')
      .where('workspace_id', '=', ownWorkspace)
      .where('person_id', '=', asker.personId)
      .where('day', '=', day)
      .execute();
  });
}

async function readList(trx: WorkspaceTransaction, asker: FreezeAsker): Promise<FreezeList> {
  const { effectiveZone } = await readOwnSettings(trx, asker.personId);
  const today = dayInZone(asker.now, effectiveZone);
  const rows = await trx
    .selectFrom('people_freezes')
    .where('workspace_id', '=', ownWorkspace)
    .select(['day', 'created_at'])
    .where('person_id', '=', asker.personId)
    .orderBy('day', 'desc')
    .execute();
  const worked = await readWorkedDays(
    trx,
    asker,
    rows.map((row) => row.day),
  );
  const freezes = rows.map((row) => ({
    day: row.day,
    state: stateOfFreeze(row.day, today, worked.has(row.day)),
    createdAt: row.created_at.toISOString(),
  }));
  return { today, freezes, ...judgeFreezes(freezes, today) };
}

async function readWorkedDays(trx: WorkspaceTransaction, asker: FreezeAsker, days: readonly Day[]): Promise<Set<Day>> {
  if (days.length === 0) return new Set();
  const { rows } = await sql<{ day: Day }>`
    select distinct day from rollup_days
    where workspace_id = ${ownWorkspace} and subject_kind = 'person' and subject_id = ${asker.personId}::uuid and metric = any(${asker.workMetrics}::text[])
      and resource_id = ${allResources}::uuid and day = any(${days}::date[]) and value > 0`.execute(trx);
  return new Set(rows.map((row) => row.day));
}
