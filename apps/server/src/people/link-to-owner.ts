import { sql } from 'kysely';
import type { IdentityView, LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import { linkIdentities } from './link-identities.ts';
import { foldText } from './fold-text.ts';
import { fullNameOf } from './identity-traits.ts';
import { type IdentityRow, identityQuery, toIdentityView } from './select-identities.ts';

export interface LinkToOwner {
  store: Store;
  workspaceId: string;
  ownerId: string;
  identityIds: readonly string[];
  reason?: string;
}

/** Says that these identities are the owner; a convenience of the command line. */
export async function linkToOwner(asked: LinkToOwner): Promise<LinkOutcome> {
  return linkIdentities({
    ...asked,
    personId: asked.ownerId,
    reason: asked.reason ?? 'said so on the command line',
    by: asked.ownerId,
  });
}

export interface SuggestOwnIdentities {
  store: Store;
  workspaceId: string;
  ownerId: string;
  /** What git says of its user, for example `user.email` and `user.name`. */
  email: string | null;
  name: string | null;
}

/** Identities that look like the person at the keyboard and are not linked to it yet: the same e-mail first, then the same name. */
export async function suggestOwnIdentities(
  asked: SuggestOwnIdentities,
): Promise<{ identity: IdentityView; why: string }[]> {
  const rows = await asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const free = sql`i.kind = 'person' and coalesce(l.person_id, i.id) <> ${asked.ownerId}::uuid`;
    const found = await sql<IdentityRow>`${identityQuery(free)} order by i.last_seen_at desc, i.id`.execute(trx);
    return found.rows;
  });
  const email = asked.email?.trim().toLowerCase() ?? '';
  const name = comparable(asked.name);
  const byEmail = rows.filter((row) => email !== '' && row.email === email);
  const byName = rows.filter((row) => !byEmail.includes(row) && name !== '' && comparable(row.name) === name);
  return [
    ...byEmail.map((row) => ({ identity: toIdentityView(row), why: `the same e-mail address, ${email}` })),
    ...byName.map((row) => ({ identity: toIdentityView(row), why: `the same name, ${row.name ?? ''}` })),
  ];
}

// One word is enough here: the question is put to the one person who knows.
function comparable(name: string | null): string {
  return fullNameOf(name) ?? foldText(name ?? '');
}
