import path from 'node:path';
import { z } from 'zod';

export const branchChoices = ['all', 'default'] as const;
export type BranchChoice = (typeof branchChoices)[number];

/** One source is one repository folder; `findRepositories` turns a folder of folders into several sources. */
export const gitSettings = z.object({
  path: z
    .string()
    .min(1)
    .refine((text) => path.isAbsolute(text), 'the folder is written as an absolute path')
    .refine((text) => !text.includes('\0'), 'a path holds no NUL'),
  branches: z.enum(branchChoices).default('all'),
});

export type GitSettings = z.infer<typeof gitSettings>;
