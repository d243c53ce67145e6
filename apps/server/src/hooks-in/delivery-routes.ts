import { z } from 'zod';
import { replayAnswerSchema } from '@devpulse/contract/wire/events';
import {
  deliveryDetailSchema,
  deliveryPageSchema,
  deliveryQuerySchema,
  replayDeliveriesSchema,
} from '@devpulse/contract/wire/hooks';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import { replayRawEvents } from '@devpulse/pipeline/capture/read-events';
import type { App, ServerDeps } from '../deps.ts';
import { presentBody } from '../ingest/present-raw-event.ts';
import { listDeliveries, readDeliveryOf } from './list-deliveries.ts';

const tags = ['Webhooks'];

/** What webhooks delivered, and what became of it. */
export function registerDeliveryRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  const config = { permission: 'machinery.operate' } as const;
  app.get('/api/v1/deliveries', {
    config,
    schema: {
      operationId: 'listDeliveries',
      tags,
      summary: 'What webhooks delivered, newest first',
      description: 'A delivery is here from the moment it was acknowledged; what it is about follows within seconds.',
      querystring: deliveryQuerySchema,
      response: { 200: deliveryPageSchema },
    },
    handler: async ({ query, viewer }) => {
      const { cursor, limit, ...filter } = query;
      return listDeliveries({ store, workspaceId: viewer.workspaceId, filter, cursor, limit });
    },
  });
  app.get('/api/v1/deliveries/:id', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'readDelivery',
      tags,
      summary: 'One delivery with its body',
      params: idParamsSchema,
      querystring: z.strictObject({}),
      response: { 200: deliveryDetailSchema },
    },
    handler: async ({ params, viewer }) => {
      const { delivery, detail, body } = await readDeliveryOf(store, viewer.workspaceId, params.id);
      return { ...delivery, detail, body: presentBody(body) };
    },
  });
  app.post('/api/v1/deliveries/replay', {
    config,
    schema: {
      operationId: 'replayDeliveries',
      tags,
      summary: 'Read deliveries once more',
      description:
        'Harmless for what was read before: the facts are the same. Those that wait, and those without a body, stay.',
      body: replayDeliveriesSchema,
      response: { 200: replayAnswerSchema },
    },
    handler: async ({ body, viewer }) => {
      const { workspaceId } = viewer;
      const answer = await replayRawEvents({ store, workspaceId, ids: body.ids });
      if (answer.replayed > 0) deps.nudge();
      return answer;
    },
  });
}
