import { defineMetric } from '@devpulse/contract/metric';
import { notPeople } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'shared_commits',
  title: 'Shared commits',
  unit: 'percent',
  better: 'neither',
  kind: 'ratio',
  parts: 'none',
  definition:
    'Commits credited to at least two different people, as author or co-author, divided by the commits of the metric ' +
    '"commits". Bots and agents do not make a commit shared, nor do two identities of one person.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: notPeople,
});
