import { z } from 'zod';

/**
 * What the live channel says: never a number, only what is no longer true. `*` stands for every metric, as after a gap that
 * cannot be bridged.
 */
export const liveChangeSchema = z
  .object({
    metrics: z.array(z.string()).describe('Metrics whose numbers changed; ["*"] for all'),
    sources: z.boolean().describe('Whether a source’s state or progress changed'),
    people: z.boolean().describe('Whether who is who changed'),
  })
  .meta({ id: 'LiveChange' });
export type LiveChange = z.infer<typeof liveChangeSchema>;

export const liveTicketSchema = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }).meta({
  id: 'LiveTicket',
  description: 'Opens the live channel once, within 30 seconds, without a token in an address',
});

/** Why the server ends a stream; sent as `event: closing`. After `elsewhere` and `signed_out` a client stays away. */
export const liveClosingSchema = z
  .object({
    reason: z
      .enum(['time', 'shutdown', 'elsewhere', 'signed_out'])
      .describe(
        'time: 30 minutes are over, connect again; shutdown: the server stops, connect again; elsewhere: too many ' +
          'streams of yours are open; signed_out: the token, session or ticket counts no more',
      ),
  })
  .meta({ id: 'LiveClosing' });
export type LiveClosing = z.infer<typeof liveClosingSchema>;

export const liveQuerySchema = z.strictObject({
  ticket: z.string().min(1).max(300).optional().describe('Instead of a token, where no header can be sent'),
  cursor: z
    .string()
    .max(100)
    .optional()
    .describe('The `id` of the last event seen, where `Last-Event-ID` cannot be sent'),
});
