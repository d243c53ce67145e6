import { defineMetric } from '@devpulse/contract/metric';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { sumByDay } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'active_days',
  title: 'Active days',
  unit: 'days',
  better: 'neither',
  kind: 'derived',
  definition:
    'Days of the window with at least one qualifying fact. What qualifies today is a commit, as in the metric ' +
    '"commits" (any branch, as author or co-author); other kinds of work will be added with a higher version. ' +
    'Freezes, rest days and holidays without work are no active days. Days after today are ignored, whatever is ' +
    'dated there.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'window' } },
  derive(input) {
    const days = sumByDay(input.cells['commits'], { from: input.from, to: lastDay(input) });
    return { value: days.size, ...listCommitDays(days) };
  },
});
