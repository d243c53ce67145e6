import { z } from 'zod';
import { daySchema } from '../day.ts';
import { valueStateSchema } from '../states.ts';
import { metricQuerySchema, subjectSchema } from './metrics.ts';

/** What a tile is asked for: whose numbers, over which days, of which repository, with which settings. */
export const widgetQuerySchema = metricQuerySchema
  .pick({ subject: true, from: true, to: true, resource: true })
  .extend({
    params: z.string().max(2_000).optional().describe('The tile’s settings as a JSON object; left out: its defaults'),
  });
export type WidgetQuery = z.infer<typeof widgetQuerySchema>;

/** One number of a tile with all that its receipt must be asked with. Queries make it with `figureOf`. */
export const tileFigureSchema = z.object({
  metric: z.string(),
  title: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
  reason: z.string().optional(),
  from: daySchema,
  to: daySchema,
  resource: z.uuid().optional().describe('Where it is of another repository than the whole tile'),
  part: z.string().optional().describe('Where it is one part of the metric alone'),
  state: valueStateSchema,
});
export type TileFigure = z.infer<typeof tileFigureSchema>;

export const widgetAnswerSchema = z
  .object({
    widget: z.string(),
    title: z.string(),
    subject: subjectSchema,
    from: daySchema,
    to: daySchema,
    today: daySchema.describe('In the subject’s zone'),
    weekStart: z.number().int().min(1).max(7),
    resource: z.uuid().nullable().describe('The only repository looked at, if one was asked for'),
    state: valueStateSchema.describe('The worst of the numbers in it; `empty` only when all of them are'),
    stateReason: z.string().optional(),
    asOf: z.iso.datetime().nullable().describe('The oldest of the numbers in it'),
    result: z
      .unknown()
      .describe('Shaped as the schema in the catalogue of widgets says; null when nobody has looked at any of it'),
  })
  .meta({ id: 'WidgetAnswer' });
export type WidgetAnswer = z.infer<typeof widgetAnswerSchema>;

export const widgetEntrySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    summary: z.string(),
    metrics: z.array(z.string()),
    subjects: z.array(z.enum(['person', 'workspace'])),
    span: z.object({ wide: z.number().int(), middle: z.number().int(), rows: z.number().int() }),
    params: z.unknown().describe('JSON Schema of its settings'),
    result: z.unknown().describe('JSON Schema of its result'),
  })
  .meta({ id: 'WidgetEntry' });
