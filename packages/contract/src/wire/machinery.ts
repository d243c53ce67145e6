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
    withheld: z
      .number()
      .int()
      .describe('How many more there are in the workspace that you cannot see, whatever was searched for'),
  })
  .meta({ id: 'RepositoryList' });
