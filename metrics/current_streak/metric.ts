import { defineMetric } from '@devpulse/contract/metric';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { readStreaks } from '../_calendar/read-streaks.ts';

export const metric = defineMetric({
  id: 'current_streak',
  title: 'Current streak',
  unit: 'days',
  better: 'up',
  kind: 'derived',
  definition:
    'A streak is a run of active days (days with at least one commit, as in "active_days") in which every day ' +
    'between two of them is paused: frozen, a rest weekday or a holiday of the person. Its length is the number of ' +
    'its active days: paused days neither count nor break it, and a freeze on a day with work is simply an active ' +
    'day. The current streak is the run that holds the last active day, if every later day that is over is paused; ' +
    'else it is 0. Today is not over, so an empty today leaves it alive until midnight in the person’s zone (detail: ' +
    'atRisk, unless today is paused). A window that ends in the past gives the streak as it stood when its last day ' +
    'was over. All history up to then is read; days after today are ignored.',
  version: 1,
  subjects: ['person'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive(input) {
    const { current, days, atRisk, lastActiveDay } = readStreaks(input);
    // A broken streak has evidence too: the last active day is why it is 0.
    const since = current?.from ?? lastActiveDay ?? input.to;
    return {
      value: current?.days.length ?? 0,
      detail: { from: current?.from ?? null, to: current?.to ?? null, atRisk, lastActiveDay },
      ...listCommitDays([...days].filter(([day]) => day >= since)),
    };
  },
});
