import { type RawBuilder, sql } from 'kysely';
import type { IdentityGroup, IdentityList, IdentityListQuery, ListedIdentity } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { describeIdentities } from './describe-identities.ts';
import { containsFolded, foldInStore } from './fold-text.ts';
import { cutPage, readCursor } from './page-cursor.ts';
import { type IdentityRow, identityQuery, readIdentitiesOf } from './select-identities.ts';

export interface ListIdentities extends Pick<
  IdentityListQuery,
  'of' | 'kind' | 'linked' | 'search' | 'cursor' | 'limit'
> {
  store: Store;
  workspaceId: string;
}

/** A page of identities, alphabetically by the name they sign with. */
export async function listIdentities(asked: ListIdentities): Promise<IdentityList> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const { rows } = await sql<IdentityRow & { sort_key: string }>`
      select * from (
        select listed.*, ${foldInStore(sql`coalesce(listed.name, listed.login, listed.email, '')`)} as sort_key
        from (${identityQuery(filter(asked))}) listed
      ) sorted
      where ${after(asked.cursor)}
      order by sort_key, id limit ${asked.limit + 1}`.execute(trx);
    const { page, nextCursor } = cutPage(rows, asked.limit, (row) => [row.sort_key, row.id]);
    return { identities: await describeIdentities(trx, page), groups: await countGroups(trx), nextCursor };
  });
}

/** Those that stand for one person, whoever asks: theirs to see. */
export async function listOwnIdentities(asked: {
  store: Store;
  workspaceId: string;
  personId: string;
}): Promise<{ identities: ListedIdentity[] }> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => ({
    identities: await describeIdentities(trx, await readIdentitiesOf(trx, [asked.personId])),
  }));
}

const isMembers = sql<boolean>`exists (
  select 1 from people_members m where m.workspace_id = i.workspace_id and m.person_id = coalesce(l.person_id, i.id)
)`;

// Whoever only starred or forked something waits for nobody to say who they are.
const groupRules: Record<IdentityGroup, RawBuilder<boolean>> = {
  members: sql`i.kind = 'person' and ${isMembers}`,
  nobody: sql`i.kind = 'person' and i.has_acted and not ${isMembers}`,
  machines: sql`i.kind <> 'person' and i.has_acted`,
};

async function countGroups(trx: WorkspaceTransaction): Promise<IdentityList['groups']> {
  const { rows } = await sql<Record<IdentityGroup, number>>`
    select count(*) filter (where ${groupRules.members})::integer as members,
           count(*) filter (where ${groupRules.nobody})::integer as nobody,
           count(*) filter (where ${groupRules.machines})::integer as machines
    from fact_identities i
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    where i.workspace_id = ${ownWorkspace}`.execute(trx);
  return rows[0] ?? { members: 0, nobody: 0, machines: 0 };
}

function filter(asked: ListIdentities): RawBuilder<unknown> {
  const group = asked.of === undefined ? sql`true` : groupRules[asked.of];
  const kind = asked.kind === undefined ? sql`true` : sql`i.kind = ${asked.kind}`;
  const linked = asked.linked === undefined ? sql`true` : sql`(l.person_id is not null) = ${asked.linked}`;
  const search =
    asked.search === undefined
      ? sql`true`
      : containsFolded(sql`concat_ws(' ', i.name, i.email, i.login)`, asked.search);
  return sql`i.workspace_id = ${ownWorkspace} and ${group} and ${kind} and ${linked} and ${search}`;
}

function after(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql`true`;
  const [key, id] = readCursor(cursor);
  return sql`(sort_key, id) > (${key} collate "C", ${id}::uuid)`;
}
