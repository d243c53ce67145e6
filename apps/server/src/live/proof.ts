import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { findSession, findToken } from '../accounts/open-authenticator.ts';
import { hashSecret } from '../accounts/secret-format.ts';
import { type Asking, readSessionCookie } from '../accounts/session-cookie.ts';
import { hashToken } from '../accounts/token-format.ts';
import type { Viewer } from '../deps.ts';

/** What a stream or a ticket rests on: as long as this counts, they do. */
export interface Proof {
  kind: 'token' | 'session';
  hash: Buffer;
}

/** What let a request in; for requests that the guard has let in already. */
export function readProof(request: Asking): Proof {
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return { kind: 'token', hash: hashToken(token) };
  const secret = readSessionCookie(request);
  if (secret === null) throw new AppError('unauthenticated', 'The request carries no token and no session.');
  return { kind: 'session', hash: hashSecret('session', secret) };
}

/** Whom it stands for now; null when it was revoked, has ended or expired. */
export function findViewer(store: Store, proof: Proof): Promise<Viewer | null> {
  return proof.kind === 'token' ? findToken(store, proof.hash) : findSession(store, proof.hash);
}
