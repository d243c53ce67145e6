import { z } from 'zod';
import { failReasons, ignoreReasons } from '../drop-reasons.ts';
import { arrivals, eventLimits, kindSchema, rawStates, sourceSchema } from '../raw-event.ts';

/** The key of a raw event as it may be sent: what PostgreSQL would refuse or change is refused here. */
export const eventKeySchema = z
  .string()
  .min(1, 'must not be empty')
  .max(eventLimits.keyCharacters, `at most ${eventLimits.keyCharacters} characters`)
  .refine((text) => text.isWellFormed(), 'must not hold half a surrogate pair')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')
  .describe('Unique within workspace and source; a repeat is acknowledged and ignored');

/** One item of `POST /api/v1/events`. */
export const eventItemSchema = z
  .strictObject({
    source: sourceSchema.describe('Id of an installed connector'),
    key: eventKeySchema,
    kind: kindSchema.describe('The connector’s own name for this shape'),
    payload: z
      .unknown()
      .optional()
      .describe(`Any JSON, at most ${eventLimits.depth} levels deep; its bytes are kept exactly as sent`),
    payloadBase64: z.base64().optional().describe('Instead of `payload`: any bytes'),
  })
  .meta({ id: 'EventItem', description: 'One raw event. Exactly one of `payload` and `payloadBase64` is given.' });

/** What an item can be refused for; the others of its request are not touched by it. */
export const itemFaults = {
  malformed: 'The line is not JSON, or the item is not an object.',
  too_deep: `The payload is nested deeper than ${eventLimits.depth} levels.`,
  invalid: 'A field is missing, given twice, unknown or of the wrong shape.',
  unknown_source: 'No connector of this name is installed.',
} as const;
export type ItemFault = keyof typeof itemFaults;

export const itemStates = ['accepted', 'duplicate', 'clash', 'rejected'] as const;
export type ItemState = (typeof itemStates)[number];

const itemResultSchema = z
  .object({
    index: z.number().int().describe('Place in the request, from 0; blank lines do not count'),
    key: z.string().nullable().describe('null where none could be read'),
    status: z.enum(itemStates),
    problem: z
      .object({
        code: z.enum(Object.keys(itemFaults) as [ItemFault, ...ItemFault[]]),
        path: z.string(),
        message: z.string(),
      })
      .optional(),
  })
  .meta({
    id: 'EventItemResult',
    description:
      'accepted: on disk now. duplicate: was there already, the same. clash: the key was there with other content, which stays. rejected: not taken, see `problem`.',
  });
export type ItemResult = z.infer<typeof itemResultSchema>;

export const captureAnswerSchema = z
  .object({
    accepted: z.number().int(),
    duplicate: z.number().int(),
    clash: z.number().int(),
    rejected: z.number().int(),
    items: z.array(itemResultSchema).describe('One for each item, in the order sent'),
  })
  .meta({ id: 'CaptureAnswer' });
export type CaptureAnswer = z.infer<typeof captureAnswerSchema>;

const reasons = [...Object.keys(ignoreReasons), ...Object.keys(failReasons)] as [string, ...string[]];

export const rawEventSchema = z
  .object({
    id: z.uuid(),
    source: z.string(),
    key: z.string(),
    kind: z.string(),
    arrival: z.enum(arrivals),
    receivedAt: z.iso.datetime(),
    state: z.enum(rawStates),
    reason: z.string().nullable().describe('Why it was ignored or is dead; one of a closed list'),
    reasonText: z.string().nullable().describe('The same in words'),
    detail: z.string().nullable(),
    attempts: z.number().int(),
    nextAttemptAt: z.iso.datetime().nullable().describe('Only while it waits'),
    storedBytes: z
      .number()
      .int()
      .nullable()
      .describe('Compressed, where that was worth it; null once the body’s retention ended'),
  })
  .meta({ id: 'RawEvent' });
export type RawEventView = z.infer<typeof rawEventSchema>;

export const rawEventPageSchema = z
  .object({ events: z.array(rawEventSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'RawEventPage' });

export const rawEventDetailSchema = rawEventSchema
  .extend({
    body: z
      .object({
        bytes: z.number().int(),
        encoding: z.enum(['utf8', 'base64']).describe('base64 where the bytes are not valid UTF-8'),
        content: z.string().nullable().describe('null when it is larger than 1 MiB: fetch it from `/body`'),
      })
      .nullable()
      .describe('null once its retention ended'),
  })
  .meta({ id: 'RawEventDetail' });

const pageQuery = {
  cursor: z.uuid().optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

const deadFilter = {
  source: sourceSchema.optional(),
  kind: kindSchema.optional(),
  reason: z.enum(reasons).optional(),
};

export const rawEventQuerySchema = z.strictObject({
  state: z.enum(rawStates).optional(),
  ...deadFilter,
  search: z.string().min(1).max(200).optional().describe('Text that the key contains; capitals do not matter'),
  ...pageQuery,
});

export const deadLetterQuerySchema = z.strictObject({ ...deadFilter, ...pageQuery });

export const replayRequestSchema = z
  .strictObject({
    all: z.literal(true).optional().describe('Every dead letter; needed when nothing narrows the choice'),
    source: deadFilter.source,
    reason: deadFilter.reason,
  })
  .refine((chosen) => chosen.all === true || chosen.source !== undefined || chosen.reason !== undefined, {
    message: 'name a source, a reason, or say "all": true',
  })
  .meta({ id: 'ReplayRequest' });

export const replayAnswerSchema = z
  .object({ replayed: z.number().int().describe('Events put back into the inbox') })
  .meta({ id: 'ReplayAnswer' });

export const rawEventIdSchema = z.strictObject({ id: z.uuid() });
