import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** The addresses of these people's pictures, of those who have one. It names the bytes, so that a new picture is seen at once. */
export async function readAvatarLinks(
  trx: WorkspaceTransaction,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('people_avatars')
    .where('workspace_id', '=', ownWorkspace)
    .select(['person_id', 'digest'])
    .where('person_id', 'in', personIds)
    .execute();
  return new Map(rows.map((row) => [row.person_id, avatarLink(row.person_id, row.digest)]));
}

export function avatarLink(personId: string, digest: string): string {
  return `/api/v1/people/${personId}/avatar?v=${digest}`;
}
