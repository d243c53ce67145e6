import { z } from 'zod';
import { daySchema } from '../day.ts';
import { valueStateSchema } from '../states.ts';

/** The steps a window can be cut into. */
export const steps = ['day', 'week', 'month', 'total'] as const;
export type Step = (typeof steps)[number];

/** What is asked of a metric; `me` is the person behind the token. */
export const metricQuerySchema = z.object({
  subject: z
    .string()
    .regex(/^(me|workspace|person:[0-9a-f-]{36})$/, 'me, workspace or person:<id>')
    .default('me')
    .describe('Whose number: `me`, `workspace` or `person:<id>`'),
  from: daySchema.optional().describe("First day, in the subject's zone; left out: 365 days before `to`"),
  to: daySchema.optional().describe("Last day, in the subject's zone; left out: today"),
  by: z.enum(steps).default('total').describe('How to cut the window'),
  resource: z.uuid().optional().describe('Only this repository'),
  part: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'no text that can be stored')
    .optional()
    .describe('Only this part of a counted number, for example a language or `1-09` for Monday nine o’clock'),
});
export type MetricQuery = z.infer<typeof metricQuerySchema>;

const metricPartSchema = z
  .object({
    part: z.string().describe('Key of the part, for example a language or `1-09` for Monday nine o’clock'),
    label: z.string(),
    value: z.number(),
  })
  .meta({ id: 'MetricPart' });

export const metricValueSchema = z
  .object({
    from: daySchema,
    to: daySchema,
    value: z.number().nullable().describe('null is never zero: see `state` and `reason`'),
    n: z.number().int().describe('How many things the value was made of'),
    complete: z.boolean().describe('false while the period is not over'),
    reason: z.string().optional().describe('Why there is no value, or why it is not whole'),
    base: z.number().optional().describe('Denominator of a ratio'),
    quantiles: z
      .object({ p50: z.number(), p75: z.number(), p90: z.number() })
      .optional()
      .describe('Of samples, from five upwards'),
    samples: z.array(z.number()).optional().describe('The values themselves, where there are fewer than five'),
    parts: z.array(metricPartSchema).optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  })
  .meta({ id: 'MetricValue' });
export type MetricValue = z.infer<typeof metricValueSchema>;

export const subjectSchema = z
  .object({ kind: z.enum(['person', 'workspace']), id: z.uuid(), name: z.string(), zone: z.string() })
  .meta({ id: 'Subject' });
export type SubjectView = z.infer<typeof subjectSchema>;

export const metricAnswerSchema = z
  .object({
    metric: z.string(),
    title: z.string(),
    unit: z.string(),
    version: z.number().int(),
    subject: subjectSchema,
    from: daySchema,
    to: daySchema,
    by: z.enum(steps),
    state: valueStateSchema,
    stateReason: z.string().optional(),
    asOf: z.iso.datetime().nullable().describe('When the newest look at a source ended'),
    values: z.array(metricValueSchema),
  })
  .meta({ id: 'MetricAnswer' });
export type MetricAnswer = z.infer<typeof metricAnswerSchema>;

export const metricEntrySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    unit: z.string(),
    kind: z.enum(['count', 'samples', 'level', 'ratio', 'derived']),
    better: z.enum(['up', 'down', 'neither']),
    definition: z.string(),
    version: z.number().int(),
    subjects: z.array(z.enum(['person', 'workspace'])),
    partTitle: z.string().optional(),
    madeFrom: z.array(z.string()).describe('Other metrics it is derived from'),
  })
  .meta({ id: 'MetricEntry' });

export const receiptRecordSchema = z
  .object({
    item: z.string().describe('Natural key of the record, for example a commit’s sha'),
    label: z.string(),
    at: z.iso.datetime().nullable(),
    day: daySchema.nullable(),
    resource: z.string().nullable().describe('Name of the repository'),
    value: z.number(),
    part: z.string(),
    url: z.string().nullable(),
  })
  .meta({ id: 'ReceiptRecord' });
export type ReceiptRecord = z.infer<typeof receiptRecordSchema>;

export const receiptSchema = z
  .object({
    metric: z.string(),
    title: z.string(),
    part: z.string().optional().describe('The part that was asked for, by its name'),
    unit: z.string(),
    kind: z.enum(['count', 'samples', 'level', 'ratio', 'derived']),
    definition: z.string(),
    version: z.number().int(),
    subject: subjectSchema,
    from: daySchema,
    to: daySchema,
    value: z.number().nullable(),
    state: valueStateSchema,
    stateReason: z.string().optional(),
    n: z.number().int().describe('Things counted: found minus all that was left out'),
    found: z.number().int(),
    leftOut: z.array(z.object({ reason: z.string(), words: z.string(), count: z.number().int() })),
    madeFrom: z.array(z.string()),
    coverage: z.object({
      repositories: z.number().int(),
      repositoriesUnread: z.number().int().describe('Whose last look failed or is not finished'),
      daysWithRecords: z.number().int(),
      days: z.number().int(),
      unknown: z.array(z.object({ what: z.string(), count: z.number().int() })),
    }),
    freshness: z.object({
      asOf: z.iso.datetime().nullable(),
      lastRecordAt: z.iso.datetime().nullable(),
      pendingEvents: z.number().int(),
      pendingDays: z.number().int(),
    }),
    withheld: z
      .number()
      .int()
      .describe('Records that count and lie in repositories you cannot see: not named, nor among `records` as such'),
    records: z.array(receiptRecordSchema),
    nextCursor: z.string().nullable(),
    reproduce: z.string().describe('A command that gives the same number'),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof receiptSchema>;

export const receiptQuerySchema = metricQuerySchema.extend({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
