import { sql } from 'kysely';
import { dayInZone } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { MeView, UpdateMe } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts, markPeopleStale } from '@devpulse/pipeline/derive/mark-stale';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { checkZone } from './check-zone.ts';

/** The person who asks, and when. */
export interface Asker {
  store: Store;
  workspaceId: string;
  personId: string;
  scopes: readonly string[];
  now: Date;
}

/** Somebody's own settings. */
export interface OwnSettings {
  name: string;
  role: MeView['role'];
  /** Their own; null: the workspace's. */
  zone: string | null;
  effectiveZone: string;
  restWeekdays: number[];
}

/** What a person may see and set of itself. */
export async function readMe(asker: Asker): Promise<MeView> {
  return asker.store.inWorkspace(asker.workspaceId, (trx) => readView(trx, asker));
}

/** Changes somebody's own settings; another zone cuts all their days anew. */
export async function updateMe(asker: Asker, change: UpdateMe): Promise<MeView> {
  const zone =
    change.zone === undefined || change.zone === null ? change.zone : await checkZone(asker.store, change.zone);
  return asker.store.inWorkspace(asker.workspaceId, async (trx) => {
    await changeMe(trx, asker.personId, { ...change, ...(zone === undefined ? {} : { zone }) });
    return readView(trx, asker);
  });
}

/** The same inside a transaction that does more; the zone is one that `checkZone` gave. */
export async function changeMe(trx: WorkspaceTransaction, personId: string, change: UpdateMe): Promise<void> {
  const { name, zone, restWeekdays } = change;
  await lockFacts(trx);
  const before = await readOwnSettings(trx, personId);
  const moves = zone !== undefined && zone !== before.zone;
  // Before and after: a recount that runs meanwhile may still be writing days as the old zone cuts them.
  if (moves) await markPeopleStale(trx, [personId]);
  const values = {
    ...(name === undefined ? {} : { name }),
    ...(zone === undefined ? {} : { zone }),
    ...(restWeekdays === undefined ? {} : { rest_weekdays: restWeekdays.toSorted((a, b) => a - b) }),
  };
  if (Object.keys(values).length > 0)
    await trx
      .updateTable('people')
      .where('workspace_id', '=', ownWorkspace)
      .set(values)
      .where('id', '=', personId)
      .execute();
  if (moves) await markPeopleStale(trx, [personId]);
}

/** The settings of a person that has some; everybody who holds a token does. */
export async function readOwnSettings(trx: WorkspaceTransaction, personId: string): Promise<OwnSettings> {
  const { rows } = await sql<OwnSettings>`
    select p.name, m.role, p.zone, coalesce(p.zone, w.zone) as "effectiveZone", p.rest_weekdays as "restWeekdays"
    from people p
    join workspaces w on w.id = p.workspace_id
    left join people_members m on m.workspace_id = p.workspace_id and m.person_id = p.id
    where p.workspace_id = ${ownWorkspace} and p.id = ${personId}::uuid`.execute(trx);
  const settings = rows[0];
  if (settings === undefined) throw new AppError('not_found', `There is no person ${personId}.`);
  return settings;
}

async function readView(trx: WorkspaceTransaction, asker: Asker): Promise<MeView> {
  const settings = await readOwnSettings(trx, asker.personId);
  const avatars = await readAvatarLinks(trx, [asker.personId]);
  return {
    id: asker.personId,
    ...settings,
    avatar: avatars.get(asker.personId) ?? null,
    today: dayInZone(asker.now, settings.effectiveZone),
    workspaceId: asker.workspaceId,
    scopes: [...asker.scopes],
  };
}
