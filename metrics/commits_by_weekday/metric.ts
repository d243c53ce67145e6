import { defineMetric } from '@devpulse/contract/metric';
import { listWeekdays, nameWeekday } from '../_calendar/list-weeks.ts';
import { splitGrid } from '../_grid/split-grid.ts';

export const metric = defineMetric({
  id: 'commits_by_weekday',
  title: 'Commits by weekday',
  unit: 'commits',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Weekday',
  definition:
    'The commits of the window by the weekday of their author date in the zone of the person (or of the workspace); ' +
    '1 is Monday. All seven weekdays are listed in the order of the week, and add up to the commits. Detail: the ' +
    'weekday with the most commits; of several the earliest in the order of the week.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { grid: { metric: 'commit_grid', span: 'window' } },
  derive(input) {
    const weekdays = listWeekdays(input.weekStart).map((weekday) => ({
      part: String(weekday),
      label: nameWeekday(weekday),
      holds: (on: number) => on === weekday,
    }));
    return splitGrid(input, weekdays);
  },
});
