import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'repositories',
  title: 'Repositories',
  summary: 'Where the commits went, the repository with the most first, and when each was last worked on.',
  params: z.object({ limit: z.number().int().min(1).max(25).default(7) }),
  result: z.object({
    active: tileFigureSchema,
    repositories: z.array(
      z.object({ id: z.uuid(), name: z.string(), commits: tileFigureSchema, lastDay: daySchema.nullable() }),
    ),
    /** How many more there are than are listed. */
    more: z.number().int(),
  }),
  metrics: ['active_repositories', 'commits_by_repository', 'commits'],
  subjects: ['person', 'workspace'],
  span: { wide: 4, middle: 6, rows: 4 },
});
