import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

export const widget = defineWidget({
  id: 'activity_calendar',
  title: 'Activity',
  summary: 'A year of days, one column a week, whatever range the page shows.',
  params: z.object({ weeks: z.number().int().min(4).max(106).default(53) }),
  result: z.object({
    from: daySchema,
    to: daySchema,
    weeks: z.number().int(),
    /** Day by day from `from` to `to`; null is unknown. */
    days: z.array(z.number().nullable()),
    commits: tileFigureSchema,
    activeDays: tileFigureSchema,
    /** Null for a workspace: nobody has a streak but a person. */
    streak: tileFigureSchema.nullable(),
    longest: tileFigureSchema.nullable(),
  }),
  metrics: ['commits', 'active_days', 'current_streak', 'longest_streak'],
  subjects: ['person', 'workspace'],
  span: { wide: 8, middle: 12, rows: 4 },
});
