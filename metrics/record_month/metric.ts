import { defineMetric } from '@devpulse/contract/metric';
import { findPeriodRecord } from '../_records/find-record.ts';

export const metric = defineMetric({
  id: 'record_month',
  title: 'Best month',
  unit: 'commits',
  better: 'up',
  kind: 'derived',
  definition:
    'The most commits (as in "commits") in a single month of the calendar, over all history up to the window’s last ' +
    'day; of several months the earliest. Detail: which month it was. Days after today are ignored; there is no ' +
    'value before the first commit, and the record is found anew when history is corrected.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive: (input) => findPeriodRecord(input, 'month'),
});
