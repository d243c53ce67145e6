import { defineMetric } from '@devpulse/contract/metric';
import { notPeople } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'commits_by_person',
  title: 'Commits by person',
  unit: 'commits',
  better: 'neither',
  kind: 'count',
  parts: 'person',
  partTitle: 'Person',
  definition:
    'The commits of the metric "commits", once for each person credited: a commit with two authors counts for both, ' +
    'so the parts may add up to more than the commits. It exists to tell how work is spread (contributors, bus ' +
    'factor). It is listed by name and never as a ranking.',
  version: 1,
  subjects: ['workspace'],
  leftOut: notPeople,
});
