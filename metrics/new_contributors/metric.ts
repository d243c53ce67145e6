import { defineMetric } from '@devpulse/contract/metric';
import { listNewest } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { findFirstDays } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'new_contributors',
  title: 'New contributors',
  unit: 'people',
  better: 'neither',
  kind: 'derived',
  definition:
    'People whose first commit of all time, as author or co-author, lies in the window; asked for one repository, ' +
    'whose first commit in that repository does. Identities that belong to one person are one person; automation and ' +
    'coding agents are none. Days after today are ignored.',
  version: 1,
  subjects: ['workspace'],
  needs: { people: { metric: 'commits_by_person', span: 'history' } },
  derive(input) {
    const first = findFirstDays(input.cells['people'], { to: lastDay(input) }, (cell) => cell.part);
    const found = [...first]
      .filter(([, day]) => day >= input.from)
      .toSorted(([a, onA], [b, onB]) => (onA === onB ? Number(a > b) - Number(a < b) : onA < onB ? -1 : 1));
    return {
      value: found.length,
      ...listNewest(found.map(([person, day]) => ({ label: `First commit on ${day}`, value: 1, day, person }))),
    };
  },
});
