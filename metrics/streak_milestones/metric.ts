import { defineMetric, type Evidence } from '@devpulse/contract/metric';
import { readStreaks } from '../_calendar/read-streaks.ts';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { findNext, listReached, type Reached } from './list-reached.ts';

export const metric = defineMetric({
  id: 'streak_milestones',
  title: 'Streak milestones',
  unit: 'days',
  better: 'up',
  kind: 'derived',
  definition:
    'How many milestones of streaks (as in "longest_streak") were reached in the window. Milestones are 7, 14, 30, 50, 100, ' +
    '200 and 365 active days, and then every further 365. Each is reached once in every run, on the day that makes it: a ' +
    'second streak of 30 days is as good as the first. All history up to the window’s end is read, so that runs that began ' +
    'before it are measured from their own first day; days after today are ignored. Detail: the last one reached in the ' +
    'window, and the next one of the current streak (7 where there is none).',
  version: 1,
  subjects: ['person'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive(input) {
    const { runs, days, current } = readStreaks(input);
    const reached = runs
      .flatMap(listReached)
      .filter(({ day }) => day >= input.from && day <= input.to)
      .toReversed();
    const last = reached[0];
    return {
      value: reached.length,
      detail: {
        last: last?.milestone ?? null,
        lastDay: last?.day ?? null,
        lastRunFrom: last?.runFrom ?? null,
        next: findNext(current?.days.length ?? 0),
      },
      // Where none was reached the last run is the proof: it is not long enough yet.
      ...(reached.length > 0
        ? { evidence: reached.map(toEvidence) }
        : listCommitDays([...days].filter(([day]) => day >= (runs.at(-1)?.from ?? input.to)))),
    };
  },
});

function toEvidence({ milestone, day, runFrom }: Reached): Evidence {
  return { label: `${milestone} days, in the streak that began on ${runFrom}`, value: milestone, day };
}
