import { z } from 'zod';
import { daySchema, storedDaySchema } from '../day.ts';

const weekdaysSchema = z
  .array(z.number().int().min(1).max(7))
  .min(1, 'at least one working day')
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'each day once')
  .describe('ISO weekdays, 1 is Monday');
const minuteSchema = z.number().int().min(0).max(1440);

const holidaySchema = z.object({
  day: storedDaySchema,
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'no text that can be stored'),
});
export type CalendarHoliday = z.infer<typeof holidaySchema>;

export const workingCalendarSchema = z
  .object({
    workingWeekdays: z.array(z.number().int()),
    fromMinute: z.number().int().describe('When work begins, in minutes after midnight on the clock of whoever works'),
    untilMinute: z.number().int().describe('When it ends; 1440 is midnight'),
    holidays: z.array(holidaySchema).describe('By day'),
    today: z.object({
      day: daySchema.describe('In the workspace’s zone'),
      kind: z.enum(['working', 'free', 'holiday']),
      holiday: z.string().optional(),
    }),
  })
  .meta({ id: 'WorkingCalendar' });
export type WorkingCalendarView = z.infer<typeof workingCalendarSchema>;

export const updateCalendarSchema = z
  .strictObject({
    workingWeekdays: weekdaysSchema.optional(),
    fromMinute: minuteSchema.optional(),
    untilMinute: minuteSchema.optional(),
  })
  .describe('Work begins before it ends');
export type UpdateCalendar = z.infer<typeof updateCalendarSchema>;

export const addCalendarHolidaysSchema = z.strictObject({ holidays: z.array(holidaySchema).min(1).max(400) });
export const holidayDayParamsSchema = z.object({ day: storedDaySchema });
