import { sql } from 'kysely';
import { type Day, dayInZone } from '@devpulse/contract/day';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Sight } from '@devpulse/pipeline/serve/sight';
import type { Viewer } from '../deps.ts';
import { findUnseen } from './unseen-repositories.ts';
import { demandView, peopleManagedBy, seesEverybody } from './may-view-person.ts';

/** Whoever asks for numbers, and when. */
export interface Looker {
  store: Store;
  viewer: Pick<Viewer, 'workspaceId' | 'personId' | 'role'>;
  now: Date;
}

/**
 * The one way to numbers: names no repository that whoever asks does not see, refuses what they may not be told of people, and
 * notes whose numbers they were told before they get the answer. The note is a transaction of its own, since a snapshot cannot write what another one has just written.
 */
export async function lookAtPeople<Answer>(looker: Looker, work: (sight: Sight) => Promise<Answer>): Promise<Answer> {
  const { viewer, now } = looker;
  const looks = new Map<string, Day>();
  // An answer speaks of one snapshot, however many numbers it is made of.
  let unseen: ReadonlySet<string> | undefined;
  const answer = await work({
    demand: async (trx, personId) => {
      if (personId === viewer.personId) return;
      const day = await readToday(trx, now);
      await demandView(trx, viewer, personId, day);
      if (!(await isNoted(trx, viewer.personId, personId, day))) looks.set(personId, day);
    },
    findHidden: async (trx, personIds) =>
      seesEverybody(viewer) ? new Set() : findHidden(trx, { viewer, day: await readToday(trx, now), personIds }),
    findUnseen: async (trx) => (unseen ??= (await findUnseen(trx, { viewer, now })).ids),
  });
  if (looks.size > 0) await noteLooks(looker, looks);
  return answer;
}

/** Today in the workspace of the transaction, in its own zone: by it teams are as they are. */
export async function readToday(trx: WorkspaceTransaction, now: Date): Promise<Day> {
  const { zone } = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .select('zone')
    .executeTakeFirstOrThrow();
  return dayInZone(now, zone);
}

async function findHidden(
  trx: WorkspaceTransaction,
  asked: { viewer: Looker['viewer']; day: Day; personIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { viewer, day, personIds } = asked;
  const managed =
    viewer.role === 'manager' ? peopleManagedBy(viewer.personId, day) : sql`select null::uuid as person_id`;
  const { rows } = await sql<{ person_id: string }>`
    select p.person_id from lens_people p
    where p.workspace_id = ${ownWorkspace} and p.person_id = any(${personIds}::uuid[]) and p.person_id <> ${viewer.personId}::uuid
      and not exists (select 1 from (${managed}) managed where managed.person_id = p.person_id)`.execute(trx);
  return new Set(rows.map((row) => row.person_id));
}

async function isNoted(trx: WorkspaceTransaction, viewerId: string, personId: string, day: Day): Promise<boolean> {
  const noted = await trx
    .selectFrom('viewer_looks')
    .where('workspace_id', '=', ownWorkspace)
    .select('day')
    .where('person_id', '=', personId)
    .where('day', '=', day)
    .where('viewer_id', '=', viewerId)
    .executeTakeFirst();
  return noted !== undefined;
}

async function noteLooks({ store, viewer }: Looker, looks: ReadonlyMap<string, Day>): Promise<void> {
  const rows = [...looks].map(([personId, day]) => ({
    workspace_id: viewer.workspaceId,
    person_id: personId,
    viewer_id: viewer.personId,
    day,
  }));
  await store.inWorkspace(viewer.workspaceId, (trx) =>
    trx
      .insertInto('viewer_looks')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
}
