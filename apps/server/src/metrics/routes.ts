import { z } from 'zod';
import type { LoadedMetric } from '@devpulse/contract/metric';
import {
  metricAnswerSchema,
  metricEntrySchema,
  metricQuerySchema,
  receiptQuerySchema,
  receiptSchema,
} from '@devpulse/contract/wire/metrics';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import type { App, ServerDeps } from '../deps.ts';
import { addressOf } from '../reference/address-of.ts';
import { lookAtPeople } from '../viewers/look-at-people.ts';

const metricIdSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'small letters, digits and underscores'),
});

/** The catalogue of numbers, the numbers, and their proofs. */
export function registerMetricRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Metrics'];
  const config = { permission: 'numbers.read' } as const;

  app.get('/api/v1/metrics', {
    config,
    schema: {
      operationId: 'listMetrics',
      tags,
      summary: 'Every number there is, with its definition',
      response: { 200: z.object({ metrics: z.array(metricEntrySchema) }).meta({ id: 'MetricCatalogue' }) },
    },
    handler: async () => ({ metrics: [...deps.metrics.values()].map(describeMetric) }),
  });

  app.get('/api/v1/metrics/:id', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'readMetric',
      tags,
      summary: 'A number over a window, whole or cut into steps',
      description:
        'Always read `state` with the value: null is never zero, and only `ok` and `empty` stand without a remark.',
      params: metricIdSchema,
      querystring: metricQuerySchema,
      response: { 200: metricAnswerSchema },
    },
    handler: async (request) => {
      const { store, metrics } = deps;
      const { viewer, params, query } = request;
      const now = deps.now();
      return lookAtPeople({ store, viewer, now }, (sight) =>
        readMetric({ store, metrics, viewer, sight, metricId: params.id, query, now }),
      );
    },
  });

  app.get('/api/v1/metrics/:id/receipt', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'readReceipt',
      tags,
      summary: 'The proof of a number',
      description:
        'The definition, what was found, what was left out and why, how fresh it is, and the very records, paged.',
      params: metricIdSchema,
      querystring: receiptQuerySchema,
      response: { 200: receiptSchema },
    },
    handler: async (request) => {
      const { store, metrics } = deps;
      const { cursor, limit, ...query } = request.query;
      const { viewer, params } = request;
      const now = deps.now();
      const baseUrl = addressOf(request);
      return lookAtPeople({ store, viewer, now }, (sight) =>
        readReceipt({ store, metrics, viewer, sight, metricId: params.id, query, now, cursor, limit, baseUrl }),
      );
    },
  });
}

function describeMetric(metric: LoadedMetric): z.infer<typeof metricEntrySchema> {
  const needs = metric.kind === 'derived' ? Object.values(metric.needs) : [];
  return {
    id: metric.id,
    title: metric.title,
    unit: metric.unit,
    kind: metric.kind,
    better: metric.better,
    definition: metric.definition,
    version: metric.version,
    subjects: [...metric.subjects],
    ...(metric.partTitle === undefined ? {} : { partTitle: metric.partTitle }),
    madeFrom: [...new Set(needs.map((need) => need.metric))],
  };
}
