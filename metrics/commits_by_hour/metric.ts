import { defineMetric } from '@devpulse/contract/metric';
import { findPeakSlot, type Slot, splitGrid } from '../_grid/split-grid.ts';
import { listWeekdays } from '../_calendar/list-weeks.ts';

const hours: Slot[] = Array.from({ length: 24 }, (_, hour) => {
  const part = String(hour).padStart(2, '0');
  return { part, label: `${part}:00`, holds: (_weekday, at) => at === hour };
});

export const metric = defineMetric({
  id: 'commits_by_hour',
  title: 'Commits by hour',
  unit: 'commits',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Hour of the day',
  definition:
    'The commits of the window by the hour of their author date on the clock of the person (or of the workspace): 00 ' +
    'is from 0:00 to 1:00, 23 from 23:00 to 24:00. All 24 hours are listed; they add up to the commits. Detail: the ' +
    'hour with the most commits (of several the earliest), and the busiest hour of the week (peakSlot, such as 2-14 ' +
    'for Tuesday from 14:00; of several the earliest in the order of the week).',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { grid: { metric: 'commit_grid', span: 'window' } },
  derive(input) {
    const split = splitGrid(input, hours);
    const slot = findPeakSlot(input, listWeekdays(input.weekStart));
    return {
      ...split,
      detail: { ...split.detail, peakSlot: slot?.part ?? null, peakSlotCommits: slot?.value ?? null },
    };
  },
});
