import { z } from 'zod';

/** How large one part of an uploaded file may be, and the whole file. */
export const importLimits = { partBytes: 4 * 1024 * 1024, fileBytes: 2 * 1024 * 1024 * 1024 } as const;

const count = z.int().nonnegative();

export const transferSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['export', 'import']),
    scope: z.enum(['mine', 'workspace']),
    state: z
      .enum(['uploading', 'waiting', 'working', 'checked', 'done', 'failed', 'expired'])
      .describe('checked: an import that was looked at and waits to be applied'),
    progress: z.object({ what: z.string(), done: count, total: count.nullable() }).nullable(),
    summary: z
      .object({
        exportedAt: z.iso.datetime(),
        files: count,
        rows: count,
        workspaces: z.array(z.object({ folder: z.string(), name: z.string(), kind: z.string() })),
        events: count.describe('Raw events in the file'),
        newEvents: count.nullable().describe('Import: those that are not here yet'),
        eventsWithoutBody: count.describe('Raw events whose bodies retention had removed, which cannot be read again'),
        links: count,
        rules: count,
        sources: count,
        notes: z.array(z.string()).describe('What will not be, or was not, taken over, and why'),
      })
      .nullable(),
    error: z.string().nullable(),
    bytes: count,
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().describe('When the file is forgotten'),
  })
  .meta({ id: 'Transfer', description: 'An export or an import of somebody’s data' });
export type TransferView = z.infer<typeof transferSchema>;

export const transferListSchema = z
  .object({
    transfers: z.array(transferSchema),
    nextExportAt: z.iso.datetime().nullable().describe('Before this no further export is made; null: now'),
  })
  .meta({ id: 'TransferList' });
export type TransferList = z.infer<typeof transferListSchema>;

export const askExportSchema = z
  .strictObject({
    scope: z
      .enum(['mine', 'workspace'])
      .describe('mine: everything about you, in all your workspaces; workspace: everything in this one, for its owner'),
  })
  .meta({ id: 'AskExport' });

export const exportLinkSchema = z
  .object({ url: z.string().describe('For your own session alone'), expiresAt: z.iso.datetime() })
  .meta({ id: 'ExportLink' });

export const beginImportSchema = z
  .strictObject({ bytes: z.int().min(1).max(importLimits.fileBytes).describe('The size of the file') })
  .meta({ id: 'BeginImport' });

export const importBegunSchema = z
  .object({
    id: z.uuid(),
    partBytes: count.describe('Send the file in parts of this size, numbered from 0; the last one is shorter'),
  })
  .meta({ id: 'ImportBegun' });

export const deletionPlanSchema = z
  .object({
    confirmation: z.string().describe('The words to type'),
    proof: z
      .enum(['password', 'fresh_sign_in'])
      .describe('Beside them: the password, or a sign-in of the last ten minutes'),
    ownsInstance: z.boolean().describe('This account looks after the instance; afterwards nobody does'),
    workspaces: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        kind: z.enum(['personal', 'team', 'demo']),
        outcome: z
          .enum(['deleted', 'left', 'blocked'])
          .describe('blocked: you are its last owner, so hand it over or delete it first'),
        departedPeople: z
          .enum(['keep', 'anonymise'])
          .nullable()
          .describe('Where you leave: whether your name stays in the facts that sources told'),
      }),
    ),
  })
  .meta({ id: 'DeletionPlan' });
export type DeletionPlan = z.infer<typeof deletionPlanSchema>;

export const deleteAccountSchema = z
  .strictObject({ confirmation: z.string().max(100), password: z.string().max(1000).optional() })
  .meta({ id: 'DeleteAccount' });

export const privacySchema = z
  .object({
    features: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        collects: z.array(z.string()),
        from: z.string(),
        seenBy: z.string(),
        kept: z.string(),
        sentTo: z.string(),
      }),
    ),
    never: z.array(z.string()),
  })
  .meta({ id: 'Privacy', description: 'What is collected, from where, who sees it and for how long' });
export type PrivacyView = z.infer<typeof privacySchema>;
