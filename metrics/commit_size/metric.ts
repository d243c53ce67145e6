import { defineMetric } from '@devpulse/contract/metric';
import { notPeople, notWritten } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'commit_size',
  title: 'Commit size',
  unit: 'lines',
  better: 'down',
  kind: 'samples',
  parts: 'none',
  definition:
    'Lines added plus lines removed of each commit that is not a merge, on the day of its author date, credited to ' +
    'its author alone. Summed are the files that count for lines_added and lines_removed; a commit without any file, ' +
    'or with renames only, has size 0. A commit none of whose files counts is left out, with the reason of its files ' +
    '(the first in the alphabet when they differ). A commit whose files the source cannot know, as at the cut edge ' +
    'of a shallow clone, is left out and not taken for 0.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: { ...notPeople, ...notWritten },
});
