import { z } from 'zod';
import { type ErrorCode, errorCodes } from '../errors.ts';

/** Every error answer, as `application/problem+json` (RFC 9457). Read `code`: it never changes, the words may. */
export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained, relative to this server'),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).describe('Stable name of the error'),
    detail: z.string().describe('What happened this time, in words'),
    requestId: z.string().describe('The same as the header `x-request-id`'),
    retry: z.boolean().describe('Whether the same request may succeed later'),
    advice: z.string(),
    problems: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .describe('What is wrong and where, as far as it can be told'),
  })
  .meta({ id: 'Problem', description: 'An error answer. `code` is stable, the words are not.' });
export type ProblemAnswer = z.infer<typeof problemSchema>;
