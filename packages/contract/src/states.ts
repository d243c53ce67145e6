import { z } from 'zod';

/**
 * What may be said of a number. An error is never a zero: only `ok` and `empty` stand without a remark, and `empty`
 * means that we looked and there was nothing. Ordered from best to worst; a mixture takes the worst.
 */
export const valueStates = ['ok', 'empty', 'partial', 'stale', 'throttled', 'unknown', 'denied', 'failed'] as const;
export type ValueState = (typeof valueStates)[number];

export const valueStateSchema = z.enum(valueStates).meta({
  id: 'ValueState',
  description:
    'ok: complete. empty: looked, nothing there. partial: some of it is missing. stale: newer facts are being worked in, or a source has not been read for too long. throttled: the source asked us to wait. unknown: nobody has looked. denied: not permitted. failed: reading failed.',
});
