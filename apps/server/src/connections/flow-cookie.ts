import type { FastifyReply, FastifyRequest } from 'fastify';
import { arrivedByTls } from '../accounts/session-cookie.ts';
import { isSecret } from '../accounts/secret-format.ts';

const plainName = 'devpulse_connect';
const maxAgeSeconds = 15 * 60;

const nameFor = (request: FastifyRequest): string => `${arrivedByTls(request) ? '__Host-' : ''}${plainName}`;

/**
 * What the browser keeps while it is at GitHub. `Lax`, since it comes back from another site, which a cookie with `Strict` is
 * kept from; it opens nothing but the flow it began.
 */
export function setFlowCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  void reply.header('set-cookie', draw(request, secret, maxAgeSeconds));
}

export function clearFlowCookie(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('set-cookie', draw(request, '', 0));
}

export function readFlowCookie(request: FastifyRequest): string | null {
  const start = `${nameFor(request)}=`;
  const pair = (request.headers.cookie ?? '').split(';').find((one) => one.trim().startsWith(start));
  const value = pair?.trim().slice(start.length) ?? '';
  return isSecret(value) ? value : null;
}

function draw(request: FastifyRequest, value: string, maxAge: number): string {
  const secured = arrivedByTls(request);
  return `${nameFor(request)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secured ? '; Secure' : ''}`;
}
