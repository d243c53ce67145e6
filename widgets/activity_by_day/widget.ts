import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'activity_by_day',
  title: 'Activity by day',
  summary: 'Commits by day, or by week over more than five weeks, and what stands out in them.',
  params: z.object({}),
  result: z.object({
    by: z.enum(['day', 'week']),
    commits: tileFigureSchema,
    steps: z.array(z.object({ from: daySchema, to: daySchema, value: z.number().nullable(), complete: z.boolean() })),
    /** Commits per week, on average. */
    average: tileFigureSchema,
    /** The ISO weekday with the highest average. */
    bestWeekday: z.number().int().nullable(),
    bestMonth: z.object({ month: z.string(), commits: tileFigureSchema }).nullable(),
    longestGap: z.object({ from: daySchema, to: daySchema }).nullable(),
    /** `up`, `down`, `steady` or `new`, this month against the last. */
    trend: z.string().nullable(),
  }),
  metrics: ['commits', 'activity_insights'],
  subjects: ['person', 'workspace'],
  span: { wide: 8, middle: 7, rows: 4 },
});
