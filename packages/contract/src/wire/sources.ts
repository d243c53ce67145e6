import { z } from 'zod';

/** A folder on the server’s machine, as far as it may be looked at. */
export const folderListSchema = z
  .object({
    path: z.string(),
    parent: z.string().nullable().describe('null at the top of what may be read'),
    roots: z.array(z.string()).describe('The folders that may be read, see DEVPULSE_GIT_ROOTS'),
    folders: z.array(z.object({ name: z.string(), path: z.string(), repository: z.boolean() })),
    truncated: z.boolean().describe('true when there are more folders than are listed'),
  })
  .meta({ id: 'FolderList' });
export type FolderList = z.infer<typeof folderListSchema>;

const sourceStateSchema = z.enum(['new', 'reading', 'ok', 'failed', 'paused']);

export const sourceSchema = z
  .object({
    id: z.uuid(),
    connector: z.string(),
    name: z.string(),
    place: z.string().describe('Where it is read from, for people'),
    state: sourceStateSchema,
    progress: z
      .object({ what: z.string(), done: z.number(), total: z.number().nullable() })
      .nullable()
      .describe('How far the reading is; null when nothing is being read'),
    lastCheckedAt: z.iso.datetime().nullable(),
    lastError: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Source' });
export type SourceView = z.infer<typeof sourceSchema>;

export const sourceListSchema = z
  .object({
    sources: z.array(sourceSchema),
    work: z
      .object({
        pendingEvents: z.number().int().describe('Captured, not yet worked in'),
        pendingDays: z.number().int().describe('Days that are to be counted again'),
        commits: z.number().int().describe('Known so far'),
      })
      .describe('What is still under way in this workspace'),
  })
  .meta({ id: 'SourceList' });
export type SourceList = z.infer<typeof sourceListSchema>;

export const addSourceSchema = z.strictObject({
  connector: z.literal('git'),
  place: z.string().min(1).max(4_000).describe('An absolute path: a repository, or a folder that holds some'),
  branches: z.enum(['all', 'default']).default('all'),
});
export type AddSource = z.infer<typeof addSourceSchema>;

export const folderQuerySchema = z.strictObject({
  path: z.string().min(1).max(4_000).optional().describe('An absolute path; left out: the first of the roots'),
});

export const addSourceAnswerSchema = z
  .object({ sources: z.array(sourceSchema), known: z.number().int().describe('How many of them were there already') })
  .meta({ id: 'AddedSources' });

export const eraseSourceSchema = z.strictObject({
  name: z.string().min(1).max(500).describe('What the source is called, as a confirmation: there is no way back'),
});

export const removeSourceAnswerSchema = z
  .object({ name: z.string(), kept: z.string().describe('What stays, in words') })
  .meta({ id: 'RemovedSource' });

export const authorQuerySchema = z.strictObject({
  search: z.string().trim().min(1).max(200).optional().describe('Part of a name or an e-mail address'),
});

export const authorListSchema = z
  .object({
    suggested: z.array(z.object({ identityId: z.uuid(), why: z.string() })),
    authors: z
      .array(
        z.object({
          identityId: z.uuid(),
          name: z.string().nullable(),
          email: z.string().nullable(),
          commits: z
            .number()
            .int()
            .nullable()
            .describe(
              'Commits it is the author of and that can be reached; a count for recognizing, not a metric. null: how much this one did is not yours to see',
            ),
          lastSeenAt: z.iso.datetime(),
          mine: z.boolean(),
        }),
      )
      .describe('People only, by name; of many those with the most commits'),
    truncated: z.boolean(),
  })
  .meta({ id: 'AuthorList', description: 'Which of the authors are you?' });
export type AuthorList = z.infer<typeof authorListSchema>;
