import { defineMetric } from '@devpulse/contract/metric';
import { deriveInsights } from './derive-insights.ts';

export const metric = defineMetric({
  id: 'activity_insights',
  title: 'Commits per week, on average',
  unit: 'commits',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Average of the weekday',
  definition:
    'The days looked at are those of the window that are over (today is not), from the first day of all activity if ' +
    'that lies in the window. The value is their commits ÷ their number × 7, rounded to two decimals; there is no ' +
    'value before the first commit or for fewer than seven days. Parts: for each weekday the commits on it ÷ how ' +
    'often it occurs, rounded to two decimals. Detail: bestWeekday, the highest of these averages (before rounding; ' +
    '1 is Monday; of several the earliest in the order of the week); bestMonth, the calendar month with the most ' +
    'commits within the window, today’s among them as in the records (of several the earliest); longestGapDays, the most days in a row without a commit, not ' +
    'counting the person’s freezes, rest weekdays and holidays (of several the earliest). trend compares the commits ' +
    'per day of this month (its days that are over) with those of last month, both from the first day of all ' +
    'activity: more than +10 % is up, less than −10 % is down, else steady; nothing last month and something this ' +
    'month is new, and not +100 %; on the first of a month there is none yet. "This month" is the one of the last ' +
    'day: the window’s, or today if that is earlier.',
  version: 2,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive: deriveInsights,
});
