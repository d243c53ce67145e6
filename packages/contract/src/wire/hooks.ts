import { z } from 'zod';
import { rawStates } from '../raw-event.ts';
import { rawEventDetailSchema } from './events.ts';

/** The answer to whoever delivers: it is on disk. */
export const deliveryTakenSchema = z.object({ taken: z.literal(true) }).meta({ id: 'DeliveryTaken' });

const hookStates = ['waiting', 'active', 'failing', 'removed'] as const;

export const hookSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    reach: z.enum(['repository', 'organization']),
    name: z.string().describe('`owner/name` of the repository, or the login of the organisation'),
    state: z
      .enum(hookStates)
      .describe(
        'waiting: made, and GitHub has not delivered yet. active: it delivers. failing: GitHub says that deliveries fail. removed: GitHub shows it no more.',
      ),
    reason: z.string().nullable().describe('Why it is not active, in words'),
    stateSince: z.iso.datetime(),
    events: z.array(z.string()),
    pingedAt: z.iso.datetime().nullable().describe('When GitHub first reached us by it'),
    lastDeliveryAt: z.iso.datetime().nullable(),
    lastGapAt: z.iso.datetime().nullable().describe('When deliveries were last found to be missing'),
    sweptAt: z.iso.datetime().nullable().describe('When missing deliveries were last looked for'),
    alsoToldBy: z
      .array(z.string())
      .describe('Other hooks that tell of the same: harmless, each fact counts once, but twice the deliveries'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Hook' });
export type HookView = z.infer<typeof hookSchema>;

export const hookListSchema = z
  .object({
    address: z.string().describe('Where GitHub would deliver to'),
    isReachable: z.boolean().describe('Whether GitHub can deliver there, as far as the address tells'),
    advice: z.string().nullable().describe('What to do where it cannot'),
    app: z
      .object({
        pingedAt: z.iso.datetime().nullable(),
        lastDeliveryAt: z.iso.datetime().nullable(),
        lastGapAt: z.iso.datetime().nullable(),
        sweptAt: z.iso.datetime().nullable(),
      })
      .nullable()
      .describe('The webhook of the GitHub App; null where none has delivered'),
    hooks: z.array(hookSchema),
  })
  .meta({ id: 'HookList' });
export type HookList = z.infer<typeof hookListSchema>;

export const makeHookSchema = z
  .strictObject({
    reach: z
      .enum(['repository', 'organization'])
      .default('repository')
      .describe('organization: one hook for all repositories of the owner'),
  })
  .meta({ id: 'MakeHook' });

export const hookRemovedSchema = z
  .object({
    left: z.string().nullable().describe('What is left to be done at GitHub by hand; null where nothing is'),
  })
  .meta({ id: 'HookRemoved' });

export const deliverySchema = z
  .object({
    id: z.uuid().describe('Of the raw event'),
    hook: z.string().describe('`app`, or the id of a hook'),
    hookName: z.string().nullable().describe('What the hook hangs on; null for the App and for hooks that are gone'),
    delivery: z.string().describe('X-GitHub-Delivery'),
    event: z.string(),
    action: z.string().nullable(),
    repository: z
      .object({ number: z.string(), name: z.string().nullable() })
      .nullable()
      .describe('null where it is about none, and until it was looked at'),
    receivedAt: z.iso.datetime(),
    state: z.enum(rawStates).describe('What became of it'),
    reason: z.string().nullable(),
    reasonText: z.string().nullable(),
    storedBytes: z.number().int().nullable().describe('null once its body was removed'),
    repeats: z
      .uuid()
      .nullable()
      .describe('An earlier delivery of the same hook with the same body under another id: sent again by somebody'),
  })
  .meta({ id: 'Delivery' });
export type DeliveryView = z.infer<typeof deliverySchema>;

export const deliveryPageSchema = z
  .object({ deliveries: z.array(deliverySchema), nextCursor: z.string().nullable() })
  .meta({ id: 'DeliveryPage' });

export const deliveryDetailSchema = deliverySchema
  .extend({ body: rawEventDetailSchema.shape.body, detail: z.string().nullable() })
  .meta({ id: 'DeliveryDetail' });

const filter = {
  event: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,58}$/)
    .optional()
    .describe('For example `push`'),
  state: z.enum(rawStates).optional(),
  repository: z.string().min(1).max(200).optional().describe('Text that the name contains; capitals do not matter'),
  delivery: z.string().min(1).max(100).optional().describe('X-GitHub-Delivery, whole'),
  hook: z.string().min(1).max(40).optional(),
  repeated: z.stringbool().optional().describe('true: only those that repeat an earlier one'),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
};

export const deliveryQuerySchema = z.strictObject({
  ...filter,
  cursor: z.uuid().optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DeliveryFilter = Omit<z.infer<typeof deliveryQuerySchema>, 'cursor' | 'limit'>;

export const replayDeliveriesSchema = z
  .strictObject({ ids: z.array(z.uuid()).min(1).max(1000) })
  .meta({ id: 'ReplayDeliveries' });
