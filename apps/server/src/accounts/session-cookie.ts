import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSecret } from './secret-format.ts';

/** What of a request tells who asks, and from where. */
export type Asking = Pick<FastifyRequest, 'headers' | 'host' | 'method' | 'protocol'>;

const plainName = 'devpulse_session';
// A browser takes this one only from this very host and only over TLS: no neighbour can plant it.
const securedName = `__Host-${plainName}`;
// The store ends a session earlier, thirty days after its last use; a cookie that outlives it is worth nothing.
const maxAgeSeconds = 180 * 86_400;

/** The secret of the session that the browser sent along, or null. */
export function readSessionCookie(request: Asking): string | null {
  // The plain name was once given on every port; whoever has one stays signed in.
  const names = arrivedByTls(request) ? [securedName] : [portName(request), plainName];
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const values = names.map((name) => pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1));
  return values.find((value) => value !== undefined && isSecret(value)) ?? null;
}

/** Cookies know no ports: two instances on one machine would take each other's away. */
function portName({ host }: Pick<Asking, 'host'>): string {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  return port === undefined || port === '80' ? plainName : `${plainName}_${port}`;
}

/** Gives the browser a session, which no script of a page can read and no other site can use. */
export function setSessionCookie(request: Asking, reply: FastifyReply, secret: string): void {
  void reply.header('set-cookie', drawCookie(request, secret, maxAgeSeconds));
}

/** Takes the session away from the browser. */
export function clearSessionCookie(request: Asking, reply: FastifyReply): void {
  void reply.header('set-cookie', drawCookie(request, '', 0));
}

function drawCookie(request: Asking, value: string, maxAge: number): string {
  const secured = arrivedByTls(request);
  const name = secured ? securedName : portName(request);
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secured ? '; Secure' : ''}`;
}

/** Over TLS to us or to a proxy that we were told to believe. */
export function arrivedByTls(request: Asking): boolean {
  return request.protocol === 'https';
}
