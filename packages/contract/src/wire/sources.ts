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

/** What there is of one kind, and how much of it is read. */
const kindProgressSchema = z.object({
  kind: z.string().describe('commits, pulls, issues, comments, …'),
  done: z.number().int(),
  total: z.number().int().nullable().describe('null: the source does not say'),
});

const sourceMonitorSchema = z
  .object({
    everySeconds: z.number().int().describe('How long it is left alone now'),
    wishedSeconds: z.number().int().nullable().describe('What somebody chose; null: as it comes, 1 to 60 minutes'),
    nextLookAt: z.iso.datetime(),
    waitingUntil: z.iso.datetime().nullable().describe('The source asked us to wait; what was read stands as it did'),
    failures: z.number().int().describe('Looks that failed in a row'),
    lastEventAt: z.iso.datetime().nullable().describe('When it last told something by itself'),
    lastReconciledAt: z.iso.datetime().nullable().describe('When a look last found everything that is new'),
  })
  .meta({ id: 'SourceMonitor' });

export const sourcePlanSchema = z
  .object({
    madeAt: z.iso.datetime(),
    history: z.string(),
    kinds: z.array(
      z.object({
        kind: z.string(),
        items: z.number().int().nullable().describe('null: the source does not say'),
        cost: z.number().int().describe('Requests, or points of questions'),
        resource: z.string(),
        isUpTo: z.boolean().describe('At most that many: only the number of all of them is known'),
      }),
    ),
    cost: z.number().int(),
    limit: z.number().int().describe('What may be asked in an hour, for each resource'),
    hours: z.number().describe('At least, at this limit, with what is kept free for people'),
    app: z
      .object({ limit: z.number().int(), hours: z.number() })
      .nullable()
      .describe('What an App of its own would make of it; null where it is one'),
  })
  .meta({ id: 'SourcePlan' });
export type SourcePlan = z.infer<typeof sourcePlanSchema>;

export const sourceSchema = z
  .object({
    id: z.uuid(),
    connector: z.string(),
    name: z.string(),
    place: z.string().describe('Where it is read from, for people'),
    state: sourceStateSchema,
    progress: z
      .object({
        what: z.string(),
        done: z.number(),
        total: z.number().nullable(),
        kinds: z.array(kindProgressSchema).optional(),
        since: z.iso.datetime().optional().describe('When this reading began; how fast it goes follows'),
      })
      .nullable()
      .describe('How far the reading is; null when nothing is being read'),
    lastCheckedAt: z.iso.datetime().nullable(),
    lastError: z.object({ code: z.string(), message: z.string() }).nullable(),
    connectionId: z.uuid().nullable().describe('The connection it is read with; null: none'),
    choices: z
      .object({ history: z.enum(['quarter', 'year', 'all']), branches: z.enum(['default', 'all']) })
      .nullable()
      .describe('How much of it is read; null where there is nothing to choose'),
    monitor: sourceMonitorSchema,
    plan: sourcePlanSchema.nullable().describe('What reading its past takes, as it was counted last'),
  })
  .meta({ id: 'Source' });
export type SourceView = z.infer<typeof sourceSchema>;

export const sourceListSchema = z
  .object({
    sources: z.array(sourceSchema),
    withheld: z.number().int().describe('How many more there are, of repositories that you cannot see'),
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

export const changeMonitorSchema = z.strictObject({
  everySeconds: z.number().int().min(60).max(86_400).nullable().optional().describe('null: as it comes'),
  history: z
    .enum(['quarter', 'year', 'all'])
    .optional()
    .describe('How far back it is read. More reads only what is missing; less reads no more, and what was read stays'),
  branches: z.enum(['default', 'all']).optional().describe('Whose commits count; a change has them read anew'),
});
export type ChangeMonitor = z.infer<typeof changeMonitorSchema>;

export const planSourceSchema = z.strictObject({ history: z.enum(['quarter', 'year', 'all']).optional() });

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
