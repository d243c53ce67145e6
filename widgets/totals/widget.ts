import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'totals',
  title: 'Totals',
  summary: 'Commits, active days, lines and repositories, each beside the same number of the days before.',
  params: z.object({}),
  result: z.object({
    /** The days compared with, as many as have passed of the tile's. */
    before: z.object({ from: daySchema, to: daySchema }),
    totals: z.array(z.object({ now: tileFigureSchema, before: tileFigureSchema })),
  }),
  metrics: ['commits', 'active_days', 'lines_added', 'lines_removed', 'active_repositories'],
  subjects: ['person', 'workspace'],
  span: { wide: 12, middle: 12, rows: 2 },
});
