import { defineMetric } from '@devpulse/contract/metric';
import { type Slot, splitGrid } from '../_grid/split-grid.ts';

const blocks: Slot[] = [
  { part: 'morning', label: 'Morning, 6:00 to 12:00', holds: (_weekday, hour) => hour >= 6 && hour < 12 },
  { part: 'afternoon', label: 'Afternoon, 12:00 to 18:00', holds: (_weekday, hour) => hour >= 12 && hour < 18 },
  { part: 'evening', label: 'Evening, 18:00 to 22:00', holds: (_weekday, hour) => hour >= 18 && hour < 22 },
  { part: 'night', label: 'Night, 22:00 to 6:00', holds: (_weekday, hour) => hour >= 22 || hour < 6 },
];

export const metric = defineMetric({
  id: 'time_blocks',
  title: 'Commits by time of day',
  unit: 'commits',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Time of day',
  definition:
    'The commits of the window by the time of day of their author date on the clock of the person (or of the ' +
    'workspace): morning from 6:00, afternoon from 12:00, evening from 18:00, night from 22:00 to 6:00. The four add ' +
    'up to the commits. Detail: the block with the most commits; of several the first in this order.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { grid: { metric: 'commit_grid', span: 'window' } },
  derive: (input) => splitGrid(input, blocks),
});
