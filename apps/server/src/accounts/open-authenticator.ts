import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { type Role, type Scope, scopeNames } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';
import type { Logger } from '../log.ts';
import { proveSameOrigin } from './prove-same-origin.ts';
import { hashSecret } from './secret-format.ts';
import { type Asking, readSessionCookie } from './session-cookie.ts';
import { hashToken, isToken } from './token-format.ts';

/** Tells who asks. */
export interface Authenticator {
  /**
   * Reads the `Authorization` header, or else the cookie; throws `unauthenticated`, or `forbidden` for a request by cookie
   * that changes something and does not come from a page of ours.
   */
  authenticate(request: Asking): Promise<Viewer>;
  /** Waits for notes that are being written. */
  close(): Promise<void>;
}

/** What proves who asks. */
interface Proof {
  hash: Buffer;
  find(store: Store, hash: Buffer): Promise<Viewer | null>;
  /** What is said when nobody has it. */
  refusal: string;
}

interface TokenRow {
  workspace_id: string;
  token_id: string;
  person_id: string;
  role: Role;
  scopes: string[];
}

interface SessionRow {
  workspace_id: string;
  session_id: string;
  account_id: string;
  person_id: string;
  role: Role;
}

const noteEveryMs = 60_000;

/** Opens the check of tokens and sessions for one process. */
export function openAuthenticator(options: { store: Store; log: Logger; now: () => Date }): Authenticator {
  const lookups = new Map<string, Promise<Viewer | null>>();
  const noted = new Map<string, number>();
  const writing = new Set<Promise<void>>();

  const noteUse = (viewer: Viewer, hash: Buffer): void => {
    const now = options.now().getTime();
    const id = viewer.tokenId ?? viewer.sessionId ?? '';
    if (now - (noted.get(id) ?? 0) < noteEveryMs) return;
    noted.set(id, now);
    const note = (viewer.via === 'token' ? noteToken(options.store, viewer) : noteSession(options.store, hash))
      .catch((error: unknown) =>
        options.log.warn({ err: error, [`${viewer.via}Id`]: id }, `the use of a ${viewer.via} was not noted`),
      )
      .finally(() => writing.delete(note));
    writing.add(note);
  };

  return {
    authenticate: async (request) => {
      const proof = readProof(request);
      const viewer = await shareLookup(lookups, options.store, proof);
      if (viewer === null) throw new AppError('unauthenticated', proof.refusal);
      noteUse(viewer, proof.hash);
      return viewer;
    },
    close: async () => {
      await Promise.allSettled(writing);
    },
  };
}

/** A token wins: whoever sends one means it, while a cookie comes by itself. */
function readProof(request: Asking): Proof {
  const header = request.headers.authorization;
  const secret = header === undefined ? readSessionCookie(request) : null;
  if (secret !== null) {
    proveSameOrigin(request);
    return {
      hash: hashSecret('session', secret),
      find: findSession,
      refusal: 'This session has ended; sign in again.',
    };
  }
  return {
    hash: hashToken(readToken(header)),
    find: findToken,
    refusal: 'This token is unknown, has expired or was revoked.',
  };
}

function readToken(header: string | undefined): string {
  if (header === undefined) throw new AppError('unauthenticated', 'The request carries no token and no session.');
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'The header must read `Authorization: Bearer <token>`.');
  // The check sum spares the store every typing mistake and every token of somebody else.
  if (!isToken(token))
    throw new AppError('unauthenticated', 'This is no token of DevPulse; it may have been cut short.');
  return token;
}

/**
 * Requests that arrive while the same token or session is being looked up share the answer. A cache would save more, but a
 * revoked one would live on in it; this way a revocation counts from the next look-up, a millisecond later.
 */
function shareLookup(lookups: Map<string, Promise<Viewer | null>>, store: Store, proof: Proof): Promise<Viewer | null> {
  const name = proof.hash.toString('base64');
  let lookup = lookups.get(name);
  if (lookup === undefined) {
    lookup = proof.find(store, proof.hash).finally(() => lookups.delete(name));
    lookups.set(name, lookup);
  }
  return lookup;
}

/** Whose token has this hash; null when it counts no more. */
export async function findToken(store: Store, hash: Buffer): Promise<Viewer | null> {
  const { rows } = await sql<TokenRow>`select * from find_token(${hash})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    via: 'token',
    tokenId: row.token_id,
    sessionId: null,
    accountId: null,
    scopes: row.scopes.filter((scope): scope is Scope => scopeNames.includes(scope as Scope)),
  };
}

/** Whose session has this hash, and where it acts now; null when it counts no more. */
export async function findSession(store: Store, hash: Buffer): Promise<Viewer | null> {
  const { rows } = await sql<SessionRow>`select * from find_session(${hash})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    via: 'session',
    tokenId: null,
    sessionId: row.session_id,
    accountId: row.account_id,
    scopes: scopeNames,
  };
}

async function noteToken(store: Store, viewer: Viewer): Promise<void> {
  await store.inWorkspace(viewer.workspaceId, (trx) =>
    // The condition is for other processes: each of them remembers only its own notes.
    sql`update account_tokens set last_used_at = now()
        where workspace_id = ${viewer.workspaceId} and id = ${viewer.tokenId}
          and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(trx),
  );
}

/** Also what keeps a session alive: it ends thirty days after the last note. */
async function noteSession(store: Store, hash: Buffer): Promise<void> {
  await sql`select touch_session(${hash})`.execute(store.app);
}
