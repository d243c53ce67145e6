import { z } from 'zod';

/** resolved: somebody said it is mended. returned: it was seen again since. */
export const faultStates = ['open', 'returned', 'resolved'] as const;
export type FaultState = (typeof faultStates)[number];

export const faultSchema = z
  .object({
    id: z.uuid(),
    errorClass: z.string(),
    code: z.string().nullable(),
    place: z.string().describe('The first step in our own code; where there is none, the route, job or listener'),
    state: z.enum(faultStates),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    resolvedAt: z.iso.datetime().nullable(),
    times: z.number().int().describe('How often it was seen, counted from the occurrences that are still kept'),
    message: z.string().describe('Of the newest occurrence, without secrets'),
    origin: z.string().describe('Where the newest came up: a route, a job or a listener'),
    version: z.string().describe('Of the program at the newest occurrence'),
  })
  .meta({ id: 'Fault', description: 'The same class of error, with the same code, at the same place of the program.' });
export type FaultView = z.infer<typeof faultSchema>;

const occurrenceSchema = z
  .object({
    id: z.uuid(),
    seenAt: z.iso.datetime(),
    origin: z.string(),
    requestId: z.string().nullable().describe('The log has lines with the same id'),
    version: z.string(),
    message: z.string(),
    stack: z.string(),
    unwritten: z.number().int().describe('Further ones right before, which have no entry of their own'),
  })
  .meta({ id: 'FaultOccurrence' });
export type FaultOccurrence = z.infer<typeof occurrenceSchema>;

const pageQuery = {
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const faultQuerySchema = z.strictObject({ state: z.enum(faultStates).optional(), ...pageQuery });

export const occurrenceQuerySchema = z.strictObject(pageQuery);

export const faultIdSchema = z.strictObject({ id: z.uuid() });

export const faultPageSchema = z
  .object({ faults: z.array(faultSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'FaultPage' });

export const faultDetailSchema = z
  .object({
    fault: faultSchema,
    occurrences: z.array(occurrenceSchema).describe('Newest first'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'FaultDetail' });
