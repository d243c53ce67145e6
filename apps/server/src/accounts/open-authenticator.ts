import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import type { Proof, Viewer } from '../deps.ts';
import { noteDevice } from '../devices/find-device.ts';
import type { Logger } from '../log.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { noteToken } from '../tokens/find-token.ts';
import { noteSession } from './find-session.ts';
import { findBearer, type GivenProof, openProofReader } from './proof.ts';
import type { Asking } from './session-cookie.ts';

/** Tells who asks. */
export interface Authenticator {
  /**
   * Reads the `Authorization` header, or else the cookie; throws `unauthenticated`, or `forbidden` for a request by cookie
   * that changes something and does not come from a page of ours.
   */
  authenticate(request: Asking): Promise<{ viewer: Viewer; proof: Proof }>;
  /** Waits for notes that are being written. */
  close(): Promise<void>;
}

const noteEveryMs = 60_000;

/** Opens the check of tokens, sessions and devices for one process. */
export function openAuthenticator(options: {
  store: Store;
  keyring: Pick<Keyring, 'derive'>;
  log: Logger;
  now: () => Date;
}): Authenticator {
  const { store } = options;
  const readProof = openProofReader(options);
  const lookups = new Map<string, Promise<Viewer | null>>();
  const noted = new Map<string, number>();
  const writing = new Set<Promise<void>>();

  const noteUse = (viewer: Viewer, proof: Proof): void => {
    const now = options.now().getTime();
    const id = viewer.tokenId ?? viewer.sessionId ?? viewer.deviceId ?? '';
    if (now - (noted.get(id) ?? 0) < noteEveryMs) return;
    noted.set(id, now);
    const note = writeNote(store, viewer, proof)
      .catch((error: unknown) =>
        options.log.warn({ err: error, [`${viewer.via}Id`]: id }, `the use of a ${viewer.via} was not noted`),
      )
      .finally(() => writing.delete(note));
    writing.add(note);
  };

  return {
    authenticate: async (request) => {
      const proof = await readProof(request);
      const viewer = await shareLookup(lookups, store, proof);
      if (viewer === null) throw new AppError('unauthenticated', proof.refusal);
      noteUse(viewer, proof);
      return { viewer, proof };
    },
    close: async () => {
      await Promise.allSettled(writing);
    },
  };
}

/**
 * Requests that arrive while the same token or session is being looked up share the answer. A cache would save more, but a
 * revoked one would live on in it; this way a revocation counts from the next look-up, a millisecond later.
 */
function shareLookup(
  lookups: Map<string, Promise<Viewer | null>>,
  store: Store,
  proof: GivenProof,
): Promise<Viewer | null> {
  const name = `${proof.kind} ${proof.hash.toString('base64')}`;
  let lookup = lookups.get(name);
  if (lookup === undefined) {
    lookup = findBearer(store, proof).finally(() => lookups.delete(name));
    lookups.set(name, lookup);
  }
  return lookup;
}

function writeNote(store: Store, viewer: Viewer, proof: Proof): Promise<void> {
  if (viewer.via === 'token') return noteToken(store, viewer);
  return viewer.via === 'session' ? noteSession(store, proof.hash) : noteDevice(store, viewer.deviceId ?? '');
}
