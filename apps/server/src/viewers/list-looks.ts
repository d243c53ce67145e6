import { sql } from 'kysely';
import { addDays, type Day, isRealDay } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import { type LookList, type LookListQuery, looksKeptDays } from '@devpulse/contract/wire/viewers';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readNames } from '../people/list-people.ts';
import { cutPage, readCursor } from '../people/page-cursor.ts';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { type Looker, readToday } from './look-at-people.ts';

/** Who looked at somebody's numbers, the newest day first. */
export async function listLooks(looker: Looker, query: LookListQuery): Promise<LookList> {
  const { store, viewer, now } = looker;
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (after !== undefined && !isRealDay(after[0]))
    throw new AppError('invalid_request', 'This cursor is not one of ours.');
  return store.inWorkspace(viewer.workspaceId, async (trx) => {
    const oldest = addDays(await readToday(trx, now), 1 - looksKeptDays);
    const { rows } = await sql<{ day: Day; viewer_id: string }>`
      select distinct v.day, v.viewer_id from viewer_looks v
      left join people_links l on l.workspace_id = v.workspace_id and l.identity_id = v.person_id
      where v.workspace_id = ${ownWorkspace} and coalesce(l.person_id, v.person_id) = ${viewer.personId}::uuid and v.day >= ${oldest}::date
        and v.viewer_id <> ${viewer.personId}::uuid
        and ${after === undefined ? sql`true` : sql`(v.day, v.viewer_id) < (${after[0]}::date, ${after[1]}::uuid)`}
      order by v.day desc, v.viewer_id desc limit ${query.limit + 1}`.execute(trx);
    const { page, nextCursor } = cutPage(rows, query.limit, (row) => [row.day, row.viewer_id]);
    const ids = [...new Set(page.map((row) => row.viewer_id))];
    const [names, avatars] = [await readNames(trx, ids), await readAvatarLinks(trx, ids)];
    const looks = page.map(({ day, viewer_id: id }) => ({
      day,
      viewer: { id, name: names.get(id) ?? 'Somebody who left', avatar: avatars.get(id) ?? null },
    }));
    return { looks, keptDays: looksKeptDays, nextCursor };
  });
}

/** Forgets looks of one workspace that are older than a person can see. Answers how many. */
export async function trimLooks(where: { store: Store; workspaceId: string; now: Date }): Promise<number> {
  return where.store.inWorkspace(where.workspaceId, async (trx) => {
    const oldest = addDays(await readToday(trx, where.now), 1 - looksKeptDays);
    const { numDeletedRows } = await trx
      .deleteFrom('viewer_looks')
      .where('workspace_id', '=', ownWorkspace)
      .where('day', '<', oldest)
      .executeTakeFirst();
    return Number(numDeletedRows);
  });
}
