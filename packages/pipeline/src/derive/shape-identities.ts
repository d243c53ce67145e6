import type { IdentityRef } from '@devpulse/contract/facts';
import { stableId } from '@devpulse/db/ids';
import { cutText, identityTextMax, textOrNull, tieBreaker } from './bound-text.ts';
import { cleanText } from './clean-text.ts';
import type { IdentityRow } from './fact-rows.ts';

/** Where facts come from: ids are made of the workspace, so that the same repository in two workspaces has two. */
export interface Origin {
  workspaceId: string;
  source: string;
}

/** On what occasion somebody is told of. */
export interface Occasion {
  at: string;
  /** When the source said who they are, by its own clock; a commit does not say. */
  toldAt?: string;
  /** False: they are told of without having done anything. */
  hasActed?: boolean;
}

const never = '1970-01-01T00:00:00.000Z';

/** Everybody who is told of in a batch, each once. */
export class IdentityBook {
  readonly #identities = new Map<string, IdentityRow>();

  /** Takes somebody in and answers their id. */
  add(origin: Origin, ref: IdentityRef, occasion: Occasion): string {
    const externalKey = identityKey(ref);
    const id = stableId('identity', origin.workspaceId, origin.source, externalKey);
    const login = textOrNull(ref.login);
    const name = textOrNull(ref.name);
    const { at, toldAt, hasActed = true } = occasion;
    const row: IdentityRow = {
      id,
      source: origin.source,
      external_key: externalKey,
      email: textOrNull(ref.email)?.toLowerCase() ?? null,
      login,
      // Only a permanent account can change its login; elsewhere another login is another spelling of the same.
      login_at: login !== null && toldAt !== undefined && externalKey.startsWith('id:') ? toldAt : never,
      name,
      // An act without a name says nothing of when the name was taken.
      named_at: name === null ? never : (toldAt ?? at),
      source_kind: textOrNull(ref.sourceKind),
      first_seen_at: at,
      last_seen_at: at,
      has_acted: hasActed,
    };
    const known = this.#identities.get(id);
    if (known === undefined) this.#identities.set(id, row);
    else mergeIdentity(known, row);
    return id;
  }

  /** By id. */
  rows(): [string, IdentityRow][] {
    return [...this.#identities];
  }
}

/** The same rule by which the store merges two rows of one identity, so that it cannot matter how acts fall into batches. */
function mergeIdentity(known: IdentityRow, row: IdentityRow): void {
  if (row.first_seen_at < known.first_seen_at) known.first_seen_at = row.first_seen_at;
  if (row.last_seen_at > known.last_seen_at) known.last_seen_at = row.last_seen_at;
  known.has_acted ||= row.has_acted;
  known.email = firstOf(known.email, row.email);
  known.source_kind = firstOf(known.source_kind, row.source_kind);
  // Who is told of without a login was told so at no time.
  if (row.login_at === known.login_at) known.login = firstOf(known.login, row.login);
  else if (row.login_at > known.login_at) [known.login, known.login_at] = [row.login, row.login_at];
  if (row.name === null) return;
  const isTie = row.named_at === known.named_at && known.name !== null;
  if (
    known.name === null ||
    row.named_at > known.named_at ||
    (isTie && tieBreaker(row.name) > tieBreaker(known.name))
  ) {
    known.name = row.name;
    known.named_at = row.named_at;
  }
}

/** Of several texts the first in the order of their bytes, which is the order of the collation "C". */
function firstOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) <= 0 ? a : b;
}

/** The natural key of an identity: the source's permanent id, else the e-mail, else the login, else the name. */
export function identityKey(ref: IdentityRef): string {
  if (ref.externalId !== undefined && ref.externalId !== '') return `id:${cutText(ref.externalId, identityTextMax)}`;
  const email = textOrNull(ref.email);
  if (email !== null) return `email:${email.toLowerCase()}`;
  const login = textOrNull(ref.login);
  if (login !== null) return `login:${login.toLowerCase()}`;
  return `name:${textOrNull(ref.name)?.toLowerCase() ?? ''}`;
}

/** The id of a repository in a workspace. */
export function repositoryId(origin: Origin, key: string): string {
  return stableId('repository', origin.workspaceId, origin.source, cleanText(key));
}
