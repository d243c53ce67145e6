import { z } from 'zod';

export const jobListSchema = z
  .object({
    jobs: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        schedule: z.string().nullable().describe('Cron in UTC; null: runs only when nudged'),
        lastRun: z
          .object({
            startedAt: z.iso.datetime(),
            finishedAt: z.iso.datetime().nullable(),
            outcome: z.enum(['done', 'failed']).nullable(),
            detail: z.string().nullable(),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'JobList' });

export const sourceListSchema = z
  .object({
    sources: z.array(
      z.object({
        id: z.uuid(),
        connector: z.string(),
        name: z.string(),
        state: z.enum(['new', 'reading', 'ok', 'failed', 'paused']),
        progress: z.object({ what: z.string(), done: z.number(), total: z.number().nullable() }).nullable(),
        lastCheckedAt: z.iso.datetime().nullable(),
        lastError: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'SourceList' });

export const repositoryListSchema = z
  .object({
    repositories: z.array(
      z.object({
        id: z.uuid(),
        source: z.string(),
        name: z.string(),
        url: z.string().nullable(),
        defaultBranch: z.string().nullable(),
        state: z.enum(['active', 'archived', 'gone']),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'RepositoryList' });
