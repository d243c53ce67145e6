import { defineMetric } from '@devpulse/contract/metric';
import { deriveCodeFrequency } from './derive-code-frequency.ts';

export const metric = defineMetric({
  id: 'code_frequency',
  title: 'Code frequency',
  unit: 'percent',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Lines added and removed per week',
  definition:
    'Parts: the lines added and removed (as in "lines_added" and "lines_removed": without merge commits and ' +
    'generated files) in each calendar week of the window, from the first week of the window with any lines; weeks ' +
    'begin on the workspace’s first day of the week and are named by it, and only their days inside the window are ' +
    'summed. The value is the trend: the slope of the least-squares line through the lines changed (added plus ' +
    'removed) of the last eight full weeks, divided by their mean, in percent of the mean per week, rounded to two ' +
    'decimals. A week is full when its last day is over and lies in the window or before it; the weeks before the ' +
    'window’s first day are read too. There is no value while fewer than eight full weeks have passed since the week ' +
    'of the first lines (that week counted), or when the mean is 0. Days after today are ignored. Detail: slope and ' +
    'mean in lines per week, first and last of the eight weeks.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: {
    added: { metric: 'lines_added', span: 'history' },
    removed: { metric: 'lines_removed', span: 'history' },
  },
  derive: deriveCodeFrequency,
});
