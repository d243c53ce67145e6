import { defineMetric } from '@devpulse/contract/metric';
import { findPeriodRecord } from '../_records/find-record.ts';

export const metric = defineMetric({
  id: 'record_day',
  title: 'Best day',
  unit: 'commits',
  better: 'up',
  kind: 'derived',
  definition:
    'The most commits (as in "commits") on a single day, over all history up to the window’s last day; of several ' +
    'days the earliest. Detail: which day it was. Days after today are ignored; there is no value before the first ' +
    'commit, and the record is found anew when history is corrected.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive: (input) => findPeriodRecord(input, 'day'),
});
