import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'recent_activity',
  title: 'Recent activity',
  summary: 'The newest commits, each with its repository and, where the host is known, a link.',
  params: z.object({ limit: z.number().int().min(1).max(50).default(8) }),
  result: z.object({
    commits: tileFigureSchema,
    records: z.array(
      z.object({
        sha: z.string(),
        subject: z.string(),
        at: z.iso.datetime().nullable(),
        day: daySchema.nullable(),
        repository: z.string().nullable(),
        url: z.string().nullable(),
      }),
    ),
  }),
  metrics: ['commits'],
  subjects: ['person', 'workspace'],
  span: { wide: 12, middle: 12, rows: 6 },
});
