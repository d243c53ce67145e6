import { defineMetric } from '@devpulse/contract/metric';
import { notPeople } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'commits',
  title: 'Commits',
  unit: 'commits',
  better: 'neither',
  kind: 'count',
  parts: 'none',
  definition:
    'Commits that can be reached in a repository today, on any branch that is read. Each commit counts once by its ' +
    'sha, however many branches or repositories hold it, on the day of its author date. Its author and every ' +
    'co-author who is a person are each credited with it; for the workspace it counts once all the same. Merge ' +
    'commits are included. What automation and coding agents commit is left out.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: notPeople,
});
