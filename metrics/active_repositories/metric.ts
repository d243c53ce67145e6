import { defineMetric } from '@devpulse/contract/metric';
import { countWords, listFirst } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { sumByResource } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'active_repositories',
  title: 'Active repositories',
  unit: 'repositories',
  better: 'neither',
  kind: 'derived',
  definition:
    'Repositories with at least one commit of the metric "commits" in the window. A commit that lies in several ' +
    'repositories makes each of them active. Days after today are ignored.',
  version: 1,
  subjects: ['person', 'workspace'],
  needs: { commits: { metric: 'commits', span: 'window', per: 'resource' } },
  derive(input) {
    const repositories = sumByResource(input.cells['commits'], { from: input.from, to: lastDay(input) });
    return {
      value: repositories.size,
      ...listFirst(
        [...repositories].map(([resource, value]) => ({ label: countWords(value, 'commit'), value, resource })),
      ),
    };
  },
});
