import { z } from 'zod';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'languages',
  title: 'Languages',
  summary: 'Lines written and removed, by language. Generated and vendored files and lock files are left out.',
  params: z.object({ limit: z.number().int().min(1).max(25).default(6) }),
  result: z.object({
    lines: tileFigureSchema,
    /** The largest first. */
    languages: z.array(z.object({ language: z.string(), lines: tileFigureSchema })),
    /** How many more there are than are listed. */
    more: z.number().int(),
  }),
  metrics: ['languages'],
  subjects: ['person', 'workspace'],
  span: { wide: 4, middle: 6, rows: 4 },
});
