import { z } from 'zod';
import { type AuditAction, auditActionNames } from '../audit-actions.ts';
import { daySchema } from '../day.ts';

const auditVias = ['session', 'token', 'device', 'command line', 'system', 'nobody'] as const;

const auditChangeSchema = z
  .object({
    what: z.string().describe('In words'),
    before: z.string().nullable().describe('In words, points in time as ISO; null: nothing was said of before'),
    after: z.string().nullable(),
  })
  .meta({ id: 'AuditChange' });
export type AuditChange = z.infer<typeof auditChangeSchema>;

export const auditEntrySchema = z
  .object({
    seq: z.number().int().describe('Its place in the log of the workspace, from 1'),
    id: z.uuid(),
    at: z.iso.datetime(),
    action: z.string().describe('`what.happened`, one of a closed list; a later version of DevPulse may know more'),
    title: z.string().describe('The action in words'),
    actor: z.object({
      personId: z.uuid().nullable(),
      accountId: z.uuid().nullable(),
      name: z
        .string()
        .nullable()
        .describe('As it is now; null for somebody who is not there any more, and for programs'),
      via: z.enum(auditVias).describe('nobody: who it was had not been asked, as at signing in'),
    }),
    address: z.string().nullable().describe('Where the request came from'),
    requestId: z.string().nullable().describe('The log has lines with the same id'),
    target: z
      .object({ kind: z.string(), id: z.string(), name: z.string().nullable() })
      .nullable()
      .describe('What it was done to; people are called as they are now'),
    about: z
      .object({ personId: z.uuid(), name: z.string() })
      .nullable()
      .describe(
        'Whom it concerns where the target is no person, such as who was put into a team; called as they are now',
      ),
    changes: z
      .array(auditChangeSchema)
      .describe('`before` and `after` in words; people and teams are called as they are now'),
    before: z.unknown().describe('JSON; null where there is nothing to say'),
    after: z.unknown().describe('JSON; null where there is nothing to say'),
    isErased: z.boolean().describe('Whoever did it has deleted their account: only time and action are left'),
    hash: z.string().describe('SHA-256 over this entry and the hash of the one before, in hex'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const filters = {
  action: z.enum(auditActionNames as [AuditAction, ...AuditAction[]]).optional(),
  actor: z.uuid().optional().describe('The person who did it'),
  from: daySchema.optional().describe('First day, in your time zone'),
  to: daySchema.optional().describe('Last day, in your time zone'),
};

export const auditQuerySchema = z.strictObject({
  ...filters,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const auditExportQuerySchema = z.strictObject({
  ...filters,
  format: z.enum(['csv', 'jsonl']).default('csv').describe('jsonl: an entry a line, as JSON'),
});

export const auditPageSchema = z
  .object({ entries: z.array(auditEntrySchema).describe('Newest first'), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditChainSchema = z
  .object({
    isWhole: z.boolean().describe('Every entry follows from the one before, and none is missing'),
    checked: z.number().int().describe('Entries that were read for this'),
    erased: z.number().int().describe('Of those, entries without content, since an account was deleted'),
    removed: z.number().int().describe('Earlier entries that retention removed'),
    lastSeq: z.number().int(),
    lastAt: z.iso.datetime().nullable(),
    lastHash: z.string().describe('Note it down elsewhere: with it a rewritten log can be told'),
    fault: z
      .object({ seq: z.number().int(), says: z.string() })
      .nullable()
      .describe('The first entry that does not follow'),
    retentionDays: z.number().int(),
  })
  .meta({ id: 'AuditChain' });
export type AuditChain = z.infer<typeof auditChainSchema>;

/** At least what the store itself insists on. */
export const auditRetentionSchema = z.strictObject({ retentionDays: z.number().int().min(90).max(3650) });

const auditActorSchema = z.object({ personId: z.uuid(), name: z.string() }).meta({ id: 'AuditActor' });

/** What the filters can be set to: only what the log holds. */
export const auditChoicesSchema = z
  .object({
    actions: z.array(z.object({ action: z.string(), title: z.string() })),
    actors: z.array(auditActorSchema),
  })
  .meta({ id: 'AuditChoices' });
export type AuditChoices = z.infer<typeof auditChoicesSchema>;
