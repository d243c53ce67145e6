import type { FastifyReply, FastifyRequest } from 'fastify';
import { arrivedByTls } from '../session-cookie.ts';
import { cookiePrefix } from './library-options.ts';

// The session goes by a cookie of ours, see `session-cookie.ts`; the library's own never reach a browser.
const neverCarried = new Set(['session_token', 'session_data', 'dont_remember', 'account_data'].map(nameOf));

/** Comes back from another site, which `Strict` would keep the cookie from. */
const carriedFromElsewhere = new Set([nameOf('state')]);

const securedPrefix = '__Host-';

function nameOf(cookie: string): string {
  return `${cookiePrefix}.${cookie}`;
}

/** What the library is told of a request: its cookies, whose session it is, and where it came from. */
export function headersFor(request: FastifyRequest, session: string | null): Headers {
  const headers = new Headers({
    'user-agent': (request.headers['user-agent'] ?? '').slice(0, 300),
    'x-devpulse-address': request.ip,
  });
  const prefix = arrivedByTls(request) ? securedPrefix : '';
  const own = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${prefix}${cookiePrefix}.`))
    .map((pair) => pair.slice(prefix.length))
    .filter((pair) => !neverCarried.has(pair.slice(0, pair.indexOf('='))));
  if (own.length > 0) headers.set('cookie', own.join('; '));
  if (session !== null) headers.set('authorization', `Bearer ${session}`);
  return headers;
}

/** Hands the library's cookies on to the browser, with the same care as our own. */
export function carryCookies(request: FastifyRequest, reply: FastifyReply, headers: Headers): void {
  const secured = arrivedByTls(request);
  for (const cookie of headers.getSetCookie()) {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    if (!name.startsWith(`${cookiePrefix}.`) || neverCarried.has(name)) continue;
    const age = attributes.find((part) => /^max-age=/i.test(part));
    const site = carriedFromElsewhere.has(name) ? 'Lax' : 'Strict';
    const rest = ['Path=/', ...(age === undefined ? [] : [age]), 'HttpOnly', `SameSite=${site}`];
    if (secured) rest.push('Secure');
    void reply.header('set-cookie', `${secured ? securedPrefix : ''}${pair}; ${rest.join('; ')}`);
  }
}

/** The token of a session that an answer of the library would set, or null. */
export function sessionTokenIn(headers: Headers): string | null {
  const start = `${nameOf('session_token')}=`;
  const cookie = headers.getSetCookie().find((each) => each.startsWith(start));
  const value = cookie?.slice(start.length).split(';', 1)[0] ?? '';
  const token = decodeURIComponent(value).split('.')[0] ?? '';
  return token === '' ? null : token;
}
