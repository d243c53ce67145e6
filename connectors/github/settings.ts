import { z } from 'zod';

const branchChoices = ['default', 'all'] as const;

/** How far back it is read: a quarter of a year, a year, or from the beginning. */
const historyChoices = ['quarter', 'year', 'all'] as const;

/** One source is one repository of one connection. */
export const githubSettings = z.object({
  host: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/, 'a host name in small letters')
    .describe('The host name of the GitHub it is on, for example github.com'),
  id: z.int().positive().describe('GitHub’s own number of the repository: it stays when the name changes'),
  fullName: z.string().min(1).max(300).describe('Owner and name, as they were when it was read last'),
  branches: z
    .enum(branchChoices)
    .default('default')
    .describe('Whose commits count: those of the default branch, or those of every branch'),
  history: z
    .enum(historyChoices)
    .default('year')
    .describe('How far back it is read. More can be chosen later; then only what is missing is read'),
});

export type GithubSettings = z.infer<typeof githubSettings>;
