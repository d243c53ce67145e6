import { addDays, type Day, isRealDay } from '@devpulse/contract/day';
import { defineMetric } from '@devpulse/contract/metric';
import { countWords, listFirst } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { roundTo } from '../_rounding/round-to.ts';
import { sumByPart } from '../_calendar/sum-cells.ts';

export const metric = defineMetric({
  id: 'bus_factor',
  title: 'Bus factor',
  unit: 'people',
  better: 'up',
  kind: 'derived',
  definition:
    'The smallest number of people who together hold more than half of the commits of the twelve months that end ' +
    'with the window’s last day (or today, if that is earlier); where the window begins does not matter. Counted is ' +
    'each commit once for each person credited with it, author or co-author; automation and coding agents are left ' +
    'out. Detail: the share of these people in percent (topShare), how many others there are (others) and their ' +
    'share (othersShare). There is no value when these months hold no commit. Whoever squashes other people’s work ' +
    'is credited with it, and two identities of one person that nobody has joined raise the number.',
  version: 1,
  subjects: ['workspace'],
  needs: { people: { metric: 'commits_by_person', span: 'history' } },
  derive(input) {
    const to = lastDay(input);
    const from = addDays(oneYearBefore(to), 1);
    const people = sumByPart(input.cells['people'], { from, to });
    const held = [...people.values()].toSorted((a, b) => b - a);
    const total = held.reduce((sum, value) => sum + value, 0);
    if (total === 0)
      return { value: null, reason: 'no commit in these twelve months', detail: { from, to }, evidence: [] };
    let top = 0;
    let covered = 0;
    while (2 * covered <= total) {
      covered += held[top] ?? 0;
      top += 1;
    }
    return {
      value: top,
      detail: {
        from,
        to,
        commits: total,
        topShare: roundTo((100 * covered) / total, 1),
        others: held.length - top,
        othersShare: roundTo((100 * (total - covered)) / total, 1),
      },
      ...listFirst([...people].map(([person, value]) => ({ label: countWords(value, 'commit'), value, person }))),
    };
  },
});

/** The same day a year earlier; of 29 February the 28th. */
function oneYearBefore(day: Day): Day {
  const earlier = `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}${day.slice(4)}`;
  return isRealDay(earlier) ? earlier : `${earlier.slice(0, 8)}28`;
}
