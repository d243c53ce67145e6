import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  rawEventDetailSchema,
  rawEventIdSchema,
  rawEventPageSchema,
  rawEventQuerySchema,
} from '@devpulse/contract/wire/events';
import { listRawEvents, readRawEvent } from '@devpulse/pipeline/capture/read-events';
import type { App, ServerDeps, Viewer } from '../deps.ts';
import { presentBody, presentRawEvent } from './present-raw-event.ts';

/** Looking at what came in: every raw event, its state, its body. */
export function registerRawEventRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Machinery'];
  const config = { permission: 'machinery.operate' } as const;

  app.get('/api/v1/raw-events', {
    config,
    schema: {
      operationId: 'listRawEvents',
      tags,
      summary: 'Raw events, newest first',
      querystring: rawEventQuerySchema,
      response: { 200: rawEventPageSchema },
    },
    handler: async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const page = await listRawEvents({
        store: deps.store,
        workspaceId: request.viewer.workspaceId,
        filter,
        cursor,
        limit,
      });
      return { events: page.events.map(presentRawEvent), nextCursor: page.nextCursor };
    },
  });

  app.get('/api/v1/raw-events/:id', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'readRawEvent',
      tags,
      summary: 'One raw event with its body',
      params: rawEventIdSchema,
      response: { 200: rawEventDetailSchema },
    },
    handler: async (request) => {
      const event = await requireEvent(deps, request.viewer, request.params.id);
      return { ...presentRawEvent(event), body: presentBody(event.body) };
    },
  });

  app.get('/api/v1/raw-events/:id/body', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'downloadRawEventBody',
      tags,
      summary: 'The bytes of a raw event, exactly as they came',
      params: rawEventIdSchema,
      response: {
        200: {
          description: 'The bytes',
          content: {
            'application/octet-stream': { schema: z.custom<Buffer>().meta({ type: 'string', format: 'binary' }) },
          },
        },
      },
    },
    handler: async (request, reply) => {
      const { body } = await requireEvent(deps, request.viewer, request.params.id);
      if (body === null)
        throw new AppError('not_found', 'The body of this event was removed when its retention ended.');
      // As a download: what a stranger sent in must never be drawn as a page of ours.
      const disposition = `attachment; filename="${request.params.id}.bin"`;
      return reply
        .headers({ 'content-type': 'application/octet-stream', 'content-disposition': disposition })
        .send(body);
    },
  });
}

async function requireEvent(deps: ServerDeps, viewer: Viewer, id: string) {
  const event = await readRawEvent({ store: deps.store, workspaceId: viewer.workspaceId, id });
  if (event === null) throw new AppError('not_found', 'There is no raw event with this id.');
  return event;
}
