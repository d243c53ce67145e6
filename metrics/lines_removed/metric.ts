import { defineMetric } from '@devpulse/contract/metric';
import { notPeople, notWritten } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'lines_removed',
  title: 'Lines removed',
  unit: 'lines',
  better: 'neither',
  kind: 'count',
  parts: 'none',
  definition:
    'Lines removed by commits that can be reached in a repository today, file by file, on the day of the author ' +
    'date. They are credited to the author alone: nobody can tell which of several authors typed a line. Each file ' +
    'of a commit counts once, however many repositories hold the commit; a file in which no line was removed is not ' +
    'listed. Left out are generated and vendored files, lock files and test snapshots (told by their path), binary ' +
    'files, submodules, merge commits, and whatever automation and coding agents commit. A commit whose files the ' +
    'source could not read, as at the cut edge of a shallow clone, is named as unknown and not taken for 0.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: { ...notPeople, ...notWritten },
});
