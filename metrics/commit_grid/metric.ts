import { defineMetric } from '@devpulse/contract/metric';
import { notPeople } from '../_reasons/left-out.ts';

export const metric = defineMetric({
  id: 'commit_grid',
  title: 'Commits by weekday and hour',
  unit: 'commits',
  better: 'neither',
  kind: 'count',
  parts: 'weekday-hour',
  partTitle: 'Weekday and hour',
  definition:
    'The commits of the metric "commits", each in the weekday and hour of its author date on the clock of the person ' +
    '(or of the workspace): 1-00 is Monday from 0:00 to 1:00, 7-23 is Sunday from 23:00 to 24:00. The parts add up ' +
    'to the commits. Where the clock is set back, both passes of the hour fall into the same part.',
  version: 1,
  subjects: ['person', 'workspace'],
  leftOut: notPeople,
});
