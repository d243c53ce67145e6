import type { FastifyRequest } from 'fastify';

/**
 * Where the asker reached us. It ends up in commands to paste, so a `Host` header that is more than a plain host is not
 * taken over.
 */
export function addressOf(request: FastifyRequest): string {
  const isPlain = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(request.host);
  return `${request.protocol}://${isPlain ? request.host : 'localhost'}`;
}
