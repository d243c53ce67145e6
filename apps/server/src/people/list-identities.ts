import { type RawBuilder, sql } from 'kysely';
import type { IdentityListQuery, IdentityView } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import { containsFolded, foldInStore } from './fold-text.ts';
import { cutPage, readCursor } from './page-cursor.ts';
import { type IdentityRow, identityQuery, toIdentityView } from './select-identities.ts';

export interface ListIdentities extends Pick<IdentityListQuery, 'kind' | 'linked' | 'search' | 'cursor' | 'limit'> {
  store: Store;
  workspaceId: string;
}

/** A page of identities, alphabetically by the name they sign with. */
export async function listIdentities(
  asked: ListIdentities,
): Promise<{ identities: IdentityView[]; nextCursor: string | null }> {
  const rows = await asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const found = await sql<IdentityRow & { sort_key: string }>`
      select * from (
        select listed.*, ${foldInStore(sql`coalesce(listed.name, listed.login, listed.email, '')`)} as sort_key
        from (${identityQuery(filter(asked))}) listed
      ) sorted
      where ${after(asked.cursor)}
      order by sort_key, id limit ${asked.limit + 1}`.execute(trx);
    return found.rows;
  });
  const { page, nextCursor } = cutPage(rows, asked.limit, (row) => [row.sort_key, row.id]);
  return { identities: page.map(toIdentityView), nextCursor };
}

function filter(asked: ListIdentities): RawBuilder<unknown> {
  const kind = asked.kind === undefined ? sql`true` : sql`i.kind = ${asked.kind}`;
  const linked = asked.linked === undefined ? sql`true` : sql`(l.person_id is not null) = ${asked.linked}`;
  const search =
    asked.search === undefined
      ? sql`true`
      : containsFolded(sql`concat_ws(' ', i.name, i.email, i.login)`, asked.search);
  return sql`${kind} and ${linked} and ${search}`;
}

function after(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql`true`;
  const [key, id] = readCursor(cursor);
  return sql`(sort_key, id) > (${key} collate "C", ${id}::uuid)`;
}
