import { AppError } from '@devpulse/contract/errors';
import {
  faultDetailSchema,
  faultIdSchema,
  faultPageSchema,
  faultQuerySchema,
  faultSchema,
  type FaultView,
  occurrenceQuerySchema,
} from '@devpulse/contract/wire/faults';
import type { App, ServerDeps } from '../deps.ts';
import { listFaults, listOccurrences, readFault } from './list-faults.ts';
import { resolveFaults } from './resolve-faults.ts';

/** What went wrong in this instance, for whoever keeps it running. */
export function registerFaultRoutes(app: App, { store, now }: ServerDeps): void {
  const tags = ['Machinery'];
  const config = { permission: 'machinery.operate', instance: true } as const;
  const find = async (id: string): Promise<FaultView> => {
    const fault = await readFault(store, id);
    if (fault === null) throw new AppError('not_found', 'There is no fault with this id, or none any more.');
    return fault;
  };

  app.get('/api/v1/faults', {
    config,
    schema: {
      operationId: 'listFaults',
      tags,
      summary: 'What went wrong unexpectedly, the newest first',
      description: 'Requests that ended in 5xx, jobs that failed, listeners that broke; kept for 30 days.',
      querystring: faultQuerySchema,
      response: { 200: faultPageSchema },
    },
    handler: ({ query: { state, ...page } }) =>
      listFaults(store, { ...page, ...(state === undefined ? {} : { states: [state] }) }),
  });

  app.get('/api/v1/faults/:id', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'readFault',
      tags,
      summary: 'One of them with the times that it was seen',
      params: faultIdSchema,
      querystring: occurrenceQuerySchema,
      response: { 200: faultDetailSchema },
    },
    handler: async ({ params, query }) => {
      const fault = await find(params.id);
      return { fault, ...(await listOccurrences(store, fault.id, query)) };
    },
  });

  app.post('/api/v1/faults/:id/resolve', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'resolveFault',
      tags,
      summary: 'Say that it is mended',
      description: 'When it is seen again it comes back as `returned`.',
      params: faultIdSchema,
      response: { 200: faultSchema },
    },
    handler: async ({ params }) => {
      await resolveFaults(store, [params.id], now());
      return find(params.id);
    },
  });
}
