import { defineMetric } from '@devpulse/contract/metric';
import { notPeople, notWritten } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'languages',
  title: 'Languages by lines',
  unit: 'lines',
  better: 'neither',
  kind: 'count',
  parts: 'query',
  partTitle: 'Language',
  definition:
    'Lines added plus lines removed, by the language that the file’s path tells, on the day of the author date; ' +
    'files without a known language are "Other". They are credited to the author alone. Each file of a commit counts ' +
    'once, however many repositories hold the commit; a file in which no line changed is not listed. Left out are ' +
    'generated and vendored files, lock files, test snapshots, binary files and submodules, merge commits, whatever ' +
    'automation and coding agents commit, and commits whose files the source could not read: the same as in ' +
    'lines_added and lines_removed, to whose sum this adds up.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: { ...notPeople, ...notWritten },
});
