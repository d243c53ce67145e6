import { z } from 'zod';
import type { App, ReadinessCheck, ServerDeps } from '../deps.ts';
import { healthDetailSchema, readHealthDetail } from './read-health-detail.ts';
import { withinMs } from './within-ms.ts';

const checkMs = 2_000;

const aliveSchema = z.object({ alive: z.literal(true) }).meta({ id: 'Alive' });

const readySchema = z
  .object({
    ready: z.boolean(),
    parts: z
      .array(z.object({ part: z.string(), ready: z.boolean() }))
      .describe('What requests depend on; reasons are in the log'),
  })
  .meta({ id: 'Readiness' });

/** For those who watch: is it alive, can it serve, how is it doing. Public, therefore without any data of a workspace. */
export function registerHealthRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Service'];

  app.get('/healthz', {
    config: { permission: 'public' },
    schema: {
      operationId: 'checkAlive',
      tags,
      summary: 'Is the process alive?',
      description: 'Asks nothing of anything else: restart the process when this fails, and only then.',
      response: { 200: aliveSchema },
    },
    handler: async () => ({ alive: true as const }),
  });

  app.get('/readyz', {
    config: { permission: 'public' },
    schema: {
      operationId: 'checkReady',
      tags,
      summary: 'Can it serve?',
      description: 'Send it no requests while this is 503; it heals by itself when the part named does.',
      response: { 200: readySchema, 503: readySchema },
    },
    handler: async (_request, reply) => {
      const parts = await Promise.all(deps.readiness.map((check) => ask(deps, check)));
      const ready = parts.every((part) => part.ready);
      return reply.code(ready ? 200 : 503).send({ ready, parts });
    },
  });

  app.get('/metrics', {
    config: { permission: 'public' },
    schema: {
      operationId: 'readOperatorMetrics',
      tags,
      summary: 'Counters of this process, as Prometheus text',
      description: 'Sums over the whole instance. Keep it from strangers where the address is reachable by them.',
      response: { 200: { description: 'Prometheus text', content: { 'text/plain': { schema: z.string() } } } },
    },
    handler: async (_request, reply) => {
      const { contentType, text } = await deps.telemetry.expose();
      return reply.header('content-type', contentType).send(text);
    },
  });
}

/** What is the matter, for whoever may mend it: reasons and versions, which the public answers leave out. */
export function registerHealthDetailRoute(app: App, deps: ServerDeps): void {
  app.get('/api/v1/health', {
    config: { permission: 'machinery.operate', instance: true },
    schema: {
      operationId: 'readHealth',
      tags: ['Machinery'],
      summary: 'How each part does, with the reason where one does not',
      querystring: z.strictObject({}),
      response: { 200: healthDetailSchema },
    },
    handler: () => readHealthDetail(deps),
  });
}

async function ask(deps: ServerDeps, { part, check }: ReadinessCheck): Promise<{ part: string; ready: boolean }> {
  try {
    await withinMs(checkMs, check());
    return { part, ready: true };
  } catch (error) {
    deps.log.warn({ err: error, part }, 'not ready');
    return { part, ready: false };
  }
}
