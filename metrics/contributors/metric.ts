import { defineMetric } from '@devpulse/contract/metric';
import { countWords, listFirst } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { sumByPart } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'contributors',
  title: 'Contributors',
  unit: 'people',
  better: 'neither',
  kind: 'derived',
  definition:
    'People credited with at least one commit in the window, as author or co-author. Identities that belong to one ' +
    'person are one contributor; automation and coding agents are none. Days after today are ignored. They are ' +
    'listed without a ranking.',
  version: 1,
  subjects: ['workspace'],
  needs: { people: { metric: 'commits_by_person', span: 'window' } },
  derive(input) {
    const people = sumByPart(input.cells['people'], { from: input.from, to: lastDay(input) });
    return {
      value: people.size,
      ...listFirst([...people].map(([person, value]) => ({ label: countWords(value, 'commit'), value, person }))),
    };
  },
});
