import { defineMetric } from '@devpulse/contract/metric';
import { countWords, listFirst } from '../_evidence/list-evidence.ts';
import { findLastDays, sumByResource } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'commits_by_repository',
  title: 'Commits by repository',
  unit: 'commits',
  better: 'neither',
  kind: 'derived',
  partTitle: 'Repository',
  definition:
    'The commits of the metric "commits" in each repository of the window: a part is what "commits" says when only ' +
    'that repository is asked for. A commit that lies in several repositories counts in each, so the parts, and the ' +
    'value, which is their sum, may be more than the commits. Repositories without a commit in the window are not ' +
    'listed. The one with the most commits comes first; of several the one with the latest commit day, then the one ' +
    'with the lower id. Detail: for each repository, by its id, the last day of the window with a commit.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'window', per: 'resource' } },
  derive({ cells, from, to }) {
    const last = findLastDays(cells['commits'], { from, to }, (cell) => cell.resource);
    const lastOf = (id: string): string => last.get(id) ?? '';
    const ranked = [...sumByResource(cells['commits'], { from, to })].toSorted(
      ([a, mine], [b, theirs]) => theirs - mine || compare(lastOf(b), lastOf(a)) || compare(a, b),
    );
    return {
      value: ranked.reduce((sum, [, value]) => sum + value, 0),
      parts: ranked.map(([part, value]) => ({ part, value })),
      detail: Object.fromEntries(ranked.map(([id]) => [id, lastOf(id)])),
      ...listFirst(ranked.map(([resource, value]) => ({ label: countWords(value, 'commit'), value, resource }))),
    };
  },
});

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
