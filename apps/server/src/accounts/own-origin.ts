import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { arrivedByTls } from './session-cookie.ts';

/**
 * Where the browser that asks sees this instance: as it was configured, or else where the request came to. The second is only
 * for what goes back to the same browser, since whoever asks can name any host.
 */
export function ownOrigin(request: FastifyRequest, deps: Pick<ServerDeps, 'publicUrl'>): string {
  if (deps.publicUrl !== null) return deps.publicUrl;
  const address = `${arrivedByTls(request) ? 'https' : 'http'}://${request.host}`;
  return URL.canParse(address) ? new URL(address).origin : 'http://localhost';
}
