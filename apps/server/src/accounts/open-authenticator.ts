import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';
import type { Logger } from '../log.ts';
import { hashToken, isToken } from './token-format.ts';

/** Tells who asks. */
export interface Authenticator {
  /** Reads the `Authorization` header; throws `unauthenticated`. */
  authenticate(header: string | undefined): Promise<Viewer>;
  /** Waits for notes that are being written. */
  close(): Promise<void>;
}

interface TokenRow {
  workspace_id: string;
  token_id: string;
  person_id: string;
  scopes: string[];
}

const noteEveryMs = 60_000;

/** Opens the check of tokens for one process. */
export function openAuthenticator(options: { store: Store; log: Logger; now: () => Date }): Authenticator {
  const lookups = new Map<string, Promise<Viewer | null>>();
  const noted = new Map<string, number>();
  const writing = new Set<Promise<void>>();

  const noteUse = (viewer: Viewer): void => {
    const now = options.now().getTime();
    if (now - (noted.get(viewer.tokenId) ?? 0) < noteEveryMs) return;
    noted.set(viewer.tokenId, now);
    const note = writeUse(options.store, viewer)
      .catch((error: unknown) =>
        options.log.warn({ err: error, tokenId: viewer.tokenId }, 'the use of a token was not noted'),
      )
      .finally(() => writing.delete(note));
    writing.add(note);
  };

  return {
    authenticate: async (header) => {
      const token = readToken(header);
      const viewer = await shareLookup(lookups, options.store, token);
      if (viewer === null) throw new AppError('unauthenticated', 'This token is unknown, has expired or was revoked.');
      noteUse(viewer);
      return viewer;
    },
    close: async () => {
      await Promise.allSettled(writing);
    },
  };
}

function readToken(header: string | undefined): string {
  if (header === undefined) throw new AppError('unauthenticated', 'The request carries no token.');
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'The header must read `Authorization: Bearer <token>`.');
  // The check sum spares the store every typing mistake and every token of somebody else.
  if (!isToken(token))
    throw new AppError('unauthenticated', 'This is no token of DevPulse; it may have been cut short.');
  return token;
}

/**
 * Requests that arrive while the same token is being looked up share the answer. A cache would save more, but a revoked
 * token would live on in it; this way a revocation counts from the next look-up, a millisecond later.
 */
function shareLookup(
  lookups: Map<string, Promise<Viewer | null>>,
  store: Store,
  token: string,
): Promise<Viewer | null> {
  const hash = hashToken(token);
  const name = hash.toString('base64');
  let lookup = lookups.get(name);
  if (lookup === undefined) {
    lookup = findViewer(store, hash).finally(() => lookups.delete(name));
    lookups.set(name, lookup);
  }
  return lookup;
}

async function findViewer(store: Store, hash: Buffer): Promise<Viewer | null> {
  const { rows } = await sql<TokenRow>`select * from find_token(${hash})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    tokenId: row.token_id,
    scopes: row.scopes.filter((scope): scope is Scope => scopeNames.includes(scope as Scope)),
  };
}

async function writeUse(store: Store, viewer: Viewer): Promise<void> {
  await store.inWorkspace(viewer.workspaceId, (trx) =>
    // The condition is for other processes: each of them remembers only its own notes.
    sql`update account_tokens set last_used_at = now()
        where workspace_id = ${viewer.workspaceId} and id = ${viewer.tokenId}
          and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(trx),
  );
}
