import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import type { Proof, Viewer } from '../deps.ts';
import { type AccessTokens, looksLikeAccessToken, openAccessTokens } from '../devices/access-token.ts';
import { findDevice, packClaims, unpackClaims } from '../devices/find-device.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { findAndPepper, findToken } from '../tokens/find-token.ts';
import { hashToken, hashWithoutPepper, isToken, tokenPepper } from '../tokens/token-format.ts';
import { findSession } from './find-session.ts';
import { proveSameOrigin } from './prove-same-origin.ts';
import { hashSecret } from './secret-format.ts';
import { type Asking, readSessionCookie } from './session-cookie.ts';

/** A proof as a request brings it. */
export interface GivenProof extends Proof {
  /** What a token without a pepper would have been kept as. */
  oldHash: Buffer | null;
  /** What is said when it counts for nothing. */
  refusal: string;
}

/** Reads what requests bring along. */
export function openProofReader(options: {
  keyring: Pick<Keyring, 'derive'>;
  now: () => Date;
}): (request: Asking) => Promise<GivenProof> {
  const accessTokens = openAccessTokens(options);
  let pepper: Buffer | undefined;
  return async (request) => {
    const header = request.headers.authorization;
    // A token wins: whoever sends one means it, while a cookie comes by itself.
    const secret = header === undefined ? readSessionCookie(request) : null;
    if (secret !== null) {
      proveSameOrigin(request);
      const refusal = 'This session has ended; sign in again.';
      return { kind: 'session', hash: hashSecret('session', secret), oldHash: null, refusal };
    }
    const bearer = readBearer(header);
    if (looksLikeAccessToken(bearer)) return proveDevice(accessTokens, bearer);
    // The check sum spares the store every typing mistake and every token of somebody else.
    if (!isToken(bearer)) throw new AppError('unauthenticated', explainBearer(bearer));
    pepper ??= options.keyring.derive(tokenPepper);
    return {
      kind: 'token',
      hash: hashToken(pepper, bearer),
      oldHash: hashWithoutPepper(bearer),
      refusal: 'This token is unknown, has expired or was revoked.',
    };
  };
}

/** Whom a proof of a request stands for now; null when it was revoked, has ended or expired. */
export function findBearer(store: Store, proof: GivenProof): Promise<Viewer | null> {
  return findViewer(store, proof).then((viewer) =>
    viewer === null && proof.oldHash !== null
      ? findAndPepper(store, { plain: proof.oldHash, peppered: proof.hash })
      : viewer,
  );
}

/** The same for a proof that was let in before. */
export async function findViewer(store: Store, proof: Proof): Promise<Viewer | null> {
  switch (proof.kind) {
    case 'token':
      return findToken(store, proof.hash);
    case 'session':
      return findSession(store, proof.hash);
    case 'device':
      return findDevice(store, unpackClaims(proof.hash));
  }
}

async function proveDevice(accessTokens: AccessTokens, token: string): Promise<GivenProof> {
  const claims = await accessTokens.verify(token);
  if (claims === null)
    throw new AppError('unauthenticated', 'This access token is over or not of this instance; refresh it.');
  const refusal = 'This device was revoked, or its person is no member any more; pair it again.';
  return { kind: 'device', hash: packClaims(claims), oldHash: null, refusal };
}

function readBearer(header: string | undefined): string {
  if (header === undefined) throw new AppError('unauthenticated', 'The request carries no token and no session.');
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'The header must read `Authorization: Bearer <token>`.');
  return token;
}

function explainBearer(bearer: string): string {
  return isToken(bearer, 'refresh')
    ? 'A refresh token opens nothing by itself; send it to /api/v1/devices/refresh for an access token.'
    : 'This is no token of DevPulse; it may have been cut short.';
}
