import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'records',
  title: 'Records',
  summary: 'The best day, week and month there ever was, the longest streak, and the busiest repository.',
  params: z.object({}),
  result: z.object({
    records: z.array(
      z.object({
        figure: tileFigureSchema,
        kind: z.enum(['day', 'week', 'month', 'streak', 'repository']),
        /** Its days; null where it is no matter of days. */
        from: daySchema.nullable(),
        to: daySchema.nullable(),
        repository: z.string().nullable(),
      }),
    ),
  }),
  metrics: ['record_day', 'record_week', 'record_month', 'longest_streak', 'record_repository'],
  subjects: ['person', 'workspace'],
  span: { wide: 4, middle: 6, rows: 4 },
});
