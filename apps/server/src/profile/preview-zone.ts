import { type RawBuilder, sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import type { ZonePreview } from '@devpulse/contract/wire/profile';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { checkZone } from '../people/check-zone.ts';

/** Who would change their zone: a person, or (null) the workspace with everybody who has none of their own. */
export interface ZoneChange {
  store: Store;
  workspaceId: string;
  personId: string | null;
  zone: string;
}

/** What another zone would cut anew, before anybody decides. Nothing is changed. */
export async function previewZone(change: ZoneChange): Promise<ZonePreview> {
  const zone = await checkZone(change.store, change.zone);
  return change.store.inWorkspace(change.workspaceId, async (trx) => {
    const { rows } = await sql<{ days: number; first: Day | null; last: Day | null; people: number; moved: number }>`
      with person as (${peopleCutAnew(change)})
      select
        (select count(distinct d.day) from rollup_days d where d.workspace_id = ${ownWorkspace} and (${isCutAnew(change)}))::integer as days,
        (select min(d.day) from rollup_days d where d.workspace_id = ${ownWorkspace} and (${isCutAnew(change)})) as first,
        (select max(d.day) from rollup_days d where d.workspace_id = ${ownWorkspace} and (${isCutAnew(change)})) as last,
        (select count(*) from person)::integer as people,
        (
          select count(distinct c.sha) from lens_commit_credits c join workspaces w on w.id = c.workspace_id
          ${change.personId === null ? sql`` : sql`join person p on p.person_id = c.person_id`}
          where c.workspace_id = ${ownWorkspace} and c.kind = 'person'
            and (c.authored_at at time zone ${zone}::text)::date
              <> (c.authored_at at time zone ${change.personId === null ? sql`w.zone` : sql`p.zone`})::date
        )::integer as moved`.execute(trx);
    const row = rows[0];
    if (row === undefined) throw new Error('a select without from always has one row');
    return { zone, days: row.days, firstDay: row.first, lastDay: row.last, moved: row.moved, people: row.people };
  });
}

function peopleCutAnew({ personId }: ZoneChange): RawBuilder<unknown> {
  if (personId !== null)
    return sql`select person_id, zone from lens_people where workspace_id = ${ownWorkspace} and person_id = ${personId}::uuid`;
  return sql`
    select p.person_id, p.zone from lens_people p
    left join people own on own.workspace_id = p.workspace_id and own.id = p.person_id
    where p.workspace_id = ${ownWorkspace} and own.zone is null`;
}

function isCutAnew({ personId }: ZoneChange): RawBuilder<boolean> {
  if (personId !== null) return sql`d.subject_kind = 'person' and d.subject_id = ${personId}::uuid`;
  return sql`d.subject_kind = 'workspace' or d.subject_id in (select person_id from person)`;
}
