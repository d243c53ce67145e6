import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import type { Widget } from '@devpulse/contract/widget';
import { widgetAnswerSchema, widgetEntrySchema, widgetQuerySchema } from '@devpulse/contract/wire/widgets';
import { askWidget } from '@devpulse/pipeline/serve/ask';
import type { App, ServerDeps } from '../deps.ts';
import { lookAtPeople } from '../viewers/look-at-people.ts';

const widgetIdSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'small letters, digits and underscores'),
});

/** The catalogue of tiles, and what fills them. */
export function registerBoardRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Widgets'];
  const config = { permission: 'numbers.read' } as const;

  app.get('/api/v1/widgets', {
    config,
    schema: {
      operationId: 'listWidgets',
      tags,
      summary: 'Every tile there is, with its settings and the shape of its result',
      response: { 200: z.object({ widgets: z.array(widgetEntrySchema) }).meta({ id: 'WidgetCatalogue' }) },
    },
    handler: async () => ({ widgets: [...deps.widgets.values()].map(({ widget }) => describeWidget(widget)) }),
  });

  app.get('/api/v1/widgets/:id', {
    config: { ...config, errors: ['not_found'] },
    schema: {
      operationId: 'askWidget',
      tags,
      summary: 'What fills a tile, over a window',
      description:
        'All numbers in it are of one moment, and each is a number of the catalogue of metrics. Always read `state` ' +
        'with the result: `unknown` has none, and only `ok` and `empty` stand without a remark.',
      params: widgetIdSchema,
      querystring: widgetQuerySchema,
      response: { 200: widgetAnswerSchema },
    },
    handler: async (request) => {
      const loaded = deps.widgets.get(request.params.id);
      if (loaded === undefined) throw new AppError('not_found', `there is no widget "${request.params.id}"`);
      const { store, metrics } = deps;
      const { viewer, query } = request;
      const now = deps.now();
      return lookAtPeople({ store, viewer, now }, (sight) =>
        askWidget({ store, metrics, viewer, sight, loaded, query, now }),
      );
    },
  });
}

function describeWidget(widget: Widget): z.infer<typeof widgetEntrySchema> {
  const { id, title, summary, metrics, subjects, span } = widget;
  return {
    id,
    title,
    summary,
    metrics: [...metrics],
    subjects: [...subjects],
    span,
    params: z.toJSONSchema(widget.params, { io: 'input' }),
    result: z.toJSONSchema(widget.result),
  };
}
