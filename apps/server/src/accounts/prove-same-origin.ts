import { AppError } from '@devpulse/contract/errors';
import type { Asking } from './session-cookie.ts';

const harmlessMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Throws unless a request that changes something, and is let in by a cookie, comes from a page of this server: a browser sends
 * cookies along whoever asks. `SameSite=Strict` does not suffice, since another port of the same machine is the same site.
 */
export function proveSameOrigin(request: Asking): void {
  if (harmlessMethods.has(request.method)) return;
  if (originOf(request) === 'own') return;
  throw foreignRequest();
}

/** The same for requests without a cookie that will get one: a program may say nothing of origins, a page says where it is. */
export function refuseForeignPage(request: Asking): void {
  if (originOf(request) === 'foreign') throw foreignRequest();
}

function foreignRequest(): AppError {
  return new AppError(
    'forbidden',
    'Only a page of this server may ask for this with a cookie. A program uses a token: `Authorization: Bearer <token>`.',
  );
}

function originOf(request: Asking): 'own' | 'foreign' | 'unknown' {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return 'own';
  if (site !== undefined && site !== 'none') return 'foreign';
  // Browsers leave the header out where they do not trust the connection, such as plain HTTP in a home network.
  const { origin } = request.headers;
  if (origin === undefined) return 'unknown';
  const { host } = request;
  return host !== '' && URL.canParse(origin) && new URL(origin).host === hostOf(origin, host) ? 'own' : 'foreign';
}

/** The host as addresses have it, without the port that goes without saying. */
function hostOf(origin: string, host: string): string | null {
  const address = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : null;
}
