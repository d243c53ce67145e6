import { sql } from 'kysely';
import type { MemberList, MemberView } from '@devpulse/contract/wire/members';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { foldInStore } from '../people/fold-text.ts';
import { cutPage, readCursor } from '../people/page-cursor.ts';
import { readAvatarLinks } from '../profile/avatar-links.ts';

interface MemberRow {
  person_id: string;
  name: string;
  role: MemberView['role'];
  since: Date;
  deactivated_at: Date | null;
  deactivated_by: string | null;
  signs_in: boolean;
  sort_key: string;
}

/** A page of members, alphabetically; those who are not active any more among them, since what they did is still there. */
export async function listMembers(asked: {
  store: Store;
  workspaceId: string;
  cursor?: string | undefined;
  limit: number;
}): Promise<MemberList> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const after = asked.cursor === undefined ? undefined : readCursor(asked.cursor);
    const { rows } = await sql<MemberRow>`
      select * from (
        select m.person_id, p.name, m.role, m.since, m.deactivated_at, m.deactivated_by, ${foldInStore(sql`p.name`)} as sort_key,
          exists (
            select 1 from account_members a where a.workspace_id = ${ownWorkspace} and a.person_id = m.person_id
          ) as signs_in
        from people_members m join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
        where m.workspace_id = ${ownWorkspace}
      ) listed
      where ${after === undefined ? sql`true` : sql`(sort_key, person_id) > (${after[0]} collate "C", ${after[1]}::uuid)`}
      order by sort_key, person_id limit ${asked.limit + 1}`.execute(trx);
    const { page, nextCursor } = cutPage(rows, asked.limit, (row) => [row.sort_key, row.person_id]);
    const avatars = await readAvatarLinks(
      trx,
      page.map((row) => row.person_id),
    );
    return { members: page.map((row) => toMemberView(row, avatars.get(row.person_id) ?? null)), nextCursor };
  });
}

function toMemberView(row: MemberRow, avatar: string | null): MemberView {
  return {
    personId: row.person_id,
    name: row.name,
    avatar,
    role: row.role,
    state: row.deactivated_at === null ? 'active' : row.deactivated_by === row.person_id ? 'left' : 'deactivated',
    since: row.since.toISOString(),
    deactivatedAt: row.deactivated_at?.toISOString() ?? null,
    signsIn: row.signs_in,
  };
}
