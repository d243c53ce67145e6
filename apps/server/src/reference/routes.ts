import { z } from 'zod';
import type { FastifyReply } from 'fastify';
import type { App, ServerDeps } from '../deps.ts';
import { withinMs } from '../health/within-ms.ts';
import { addressOf } from './address-of.ts';
import { readApiDocument } from './api-document.ts';
import { drawDocs } from './draw-docs.ts';
import { drawWelcome } from './draw-welcome.ts';
import { pagePolicy } from './html.ts';

/** The reference, for people and for machines, and the first page. */
export function registerReferenceRoutes(app: App, deps: ServerDeps): void {
  // Made once, and for the first who asks: it takes an eighth of a second, which no start should wait for.
  let made: { document: string; docs: string } | null = null;
  const describe = (): { document: string; docs: string } => {
    if (made !== null) return made;
    const described = readApiDocument(app);
    return (made = { document: JSON.stringify(described), docs: drawDocs(described) });
  };

  app.get('/openapi.json', {
    config: { permission: 'public' },
    schema: {
      operationId: 'readOpenApi',
      tags: ['Service'],
      summary: 'This reference as OpenAPI 3.1',
      response: {
        200: {
          description: 'OpenAPI 3.1',
          content: { 'application/json': { schema: z.custom<string>().meta({ type: 'object' }) } },
        },
      },
    },
    handler: async (_request, reply) =>
      reply.header('content-type', 'application/json; charset=utf-8').send(describe().document),
  });

  app.get('/docs', {
    config: { permission: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) => sendPage(reply, describe().docs),
  });

  // The screens are what belongs here; this page stands in for them where nobody built them.
  if (app.hasRoute({ method: 'GET', url: '/' })) return;
  app.get('/', {
    config: { permission: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const storeAnswers = await withinMs(1_000, deps.store.ping()).catch(() => false);
      return sendPage(reply, drawWelcome({ instance: deps.instance, address: addressOf(request), storeAnswers }));
    },
  });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy })
    .send(page);
}
