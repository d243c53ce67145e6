import { defineMetric } from '@devpulse/contract/metric';
import { countWords, listFirst } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { findFirstDays, sumByResource } from '../_calendar/sum-cells.ts';
import { findLargest, noRecord } from '../_records/find-record.ts';

export const metric = defineMetric({
  id: 'record_repository',
  title: 'Busiest repository',
  unit: 'commits',
  better: 'up',
  kind: 'derived',
  definition:
    'The most commits (as in "commits") in a single repository, over all history up to the window’s last day; of ' +
    'several repositories the one whose first commit is the earliest, then the one with the lower id. Detail: which ' +
    'repository it was. A commit that lies in several repositories counts in each. Days after today are ignored; ' +
    'there is no value before the first commit.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'history', per: 'resource' } },
  derive(input) {
    const span = { to: lastDay(input) };
    const sums = sumByResource(input.cells['commits'], span);
    const firstDays = findFirstDays(input.cells['commits'], span, (cell) => cell.resource);
    const inOrder = [...sums].toSorted(([a], [b]) => compare(firstDays.get(a), firstDays.get(b)) || compare(a, b));
    const record = findLargest(new Map(inOrder));
    if (record === null) return noRecord;
    return {
      value: record.value,
      detail: { repository: record.key },
      ...listFirst(inOrder.map(([resource, value]) => ({ label: countWords(value, 'commit'), value, resource }))),
    };
  },
});

function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
