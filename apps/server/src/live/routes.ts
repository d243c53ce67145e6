import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { liveQuerySchema, liveTicketSchema } from '@devpulse/contract/wire/live';
import { findViewer } from '../accounts/proof.ts';
import type { App, Proof, ServerDeps, Viewer } from '../deps.ts';
import { announcePeople } from './announce-people.ts';
import { LiveHub, type LiveLimits, liveLimits } from './live-hub.ts';
import { createTicket, spendTicket } from './tickets.ts';

const tags = ['Live'];

/** The channel that says what changed, never to what. */
export function registerLiveRoutes(app: App, deps: ServerDeps): void {
  registerLiveWith(app, deps, liveLimits);
}

/** The same with other limits; gives the hub, for those who watch it. */
export function registerLiveWith(app: App, deps: ServerDeps, limits: LiveLimits): LiveHub {
  const { store, log } = deps;
  const hub = new LiveHub({ store, log, limits });
  registerTickets(app, deps);
  registerStream(app, deps, hub);
  announcePeople(app, deps);
  // A stream never ends by itself: closing would wait for all of them.
  app.addHook('preClose', () => hub.close());
  return hub;
}

function registerTickets(app: App, { store }: ServerDeps): void {
  app.post('/api/v1/live/tickets', {
    config: { permission: 'numbers.read' },
    schema: {
      operationId: 'createLiveTicket',
      tags,
      summary: 'A ticket for the live channel',
      description:
        'For clients that can send no header there. It counts once and for 30 seconds, as whoever asks for it.',
      response: { 201: liveTicketSchema },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await createTicket(store, request.viewer.workspaceId, request.proof)),
  });
}

function registerStream(app: App, { store }: ServerDeps, hub: LiveHub): void {
  const admitByTicket = async (request: FastifyRequest): Promise<{ viewer: Viewer; proof: Proof } | null> => {
    const { ticket } = request.query as { ticket?: unknown };
    if (typeof ticket !== 'string') return null;
    const proof = await spendTicket(store, ticket);
    const viewer = await findViewer(store, proof);
    if (viewer === null) throw new AppError('unauthenticated', 'Whoever asked for this ticket is signed out by now.');
    return { viewer, proof };
  };

  app.get('/api/v1/live', {
    // The stream of a HEAD request would stay open without ever saying anything.
    exposeHeadRoute: false,
    config: { permission: 'numbers.read', admit: admitByTicket },
    schema: {
      operationId: 'listenLive',
      tags,
      summary: 'What changed, as it happens (server-sent events)',
      description:
        'Events are `changed` with a `LiveChange` and `closing` with a `LiveClosing`. No numbers are sent: read again what ' +
        'changed. Connect first and read then, so that nothing falls in between. Send the last `id` as `Last-Event-ID` to ' +
        'learn what was missed. A stream lasts 30 minutes; at most 6 are open for a person.',
      querystring: liveQuerySchema,
      response: {
        200: { description: 'A stream of events', content: { 'text/event-stream': { schema: z.string() } } },
      },
    },
    handler: async (request, reply) => {
      await hub.whenListening();
      const given = request.headers['last-event-id'];
      const cursor = (typeof given === 'string' && given !== '' ? given : request.query.cursor) ?? null;
      reply.hijack();
      hub.open({
        response: reply.raw,
        headers: headersOf(reply),
        viewer: request.viewer,
        proof: request.proof,
        cursor,
      });
    },
  });
}

/** What every answer carries, and what keeps proxies from holding events back. */
function headersOf(reply: FastifyReply): Record<string, string> {
  const usual = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]);
  return {
    ...(Object.fromEntries(usual) as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  };
}
