import { z } from 'zod';
import { daySchema } from '@devpulse/contract/day';
import { defineWidget } from '@devpulse/contract/widget';
import { tileFigureSchema } from '@devpulse/contract/wire/widgets';

const runSchema = z.object({ figure: tileFigureSchema, from: daySchema.nullable(), to: daySchema.nullable() });

export const widget = defineWidget({
  id: 'streak',
  title: 'Streak',
  summary: 'Days in a row with work, the longest there was, how steady the last weeks were, and what pauses it.',
  params: z.object({}),
  result: z.object({
    current: runSchema,
    longest: runSchema.extend({ isCurrent: z.boolean() }),
    /** Today decides: nothing yet, and there is a streak to lose. */
    atRisk: z.boolean(),
    lastActiveDay: daySchema.nullable(),
    consistency: z.object({ figure: tileFigureSchema, grade: z.string().nullable() }),
    milestones: z.object({
      figure: tileFigureSchema,
      last: z.number().nullable(),
      lastDay: daySchema.nullable(),
      next: z.number().nullable(),
    }),
    pauses: z.object({
      restWeekdays: z.array(z.number().int()),
      /** Frozen days and holidays of the tile's days. */
      freezes: z.array(daySchema),
      holidays: z.array(daySchema),
    }),
  }),
  metrics: ['current_streak', 'longest_streak', 'consistency', 'streak_milestones'],
  subjects: ['person'],
  span: { wide: 4, middle: 5, rows: 4 },
});
