import { z } from 'zod';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'activity_by_hour',
  title: 'When you commit',
  summary: 'Commits by weekday and hour of your own clock. For the person alone: there is no such tile of a team.',
  params: z.object({}),
  result: z.object({
    commits: tileFigureSchema,
    /** Commits by `1-09`, Monday from 9:00; hours without any are not listed. */
    hours: z.record(z.string(), z.number()),
    /** The busiest hour of the week. */
    peak: z.object({ weekday: z.number().int(), hour: z.number().int(), commits: tileFigureSchema }).nullable(),
    blocks: z.array(z.object({ part: z.string(), label: z.string(), value: z.number() })),
    busiestBlock: z.string().nullable(),
  }),
  metrics: ['commit_grid', 'commits_by_hour', 'time_blocks'],
  subjects: ['person'],
  span: { wide: 4, middle: 6, rows: 4 },
});
