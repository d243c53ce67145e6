import { defineMetric } from '@devpulse/contract/metric';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { readStreaks } from '../_calendar/read-streaks.ts';

export const metric = defineMetric({
  id: 'longest_streak',
  title: 'Longest streak',
  unit: 'days',
  better: 'up',
  kind: 'derived',
  definition:
    'The longest streak (defined in "current_streak") of all history up to the window’s last day, in active days; of ' +
    'several the earliest. Detail: its first and last day, whether it is still going on (isCurrent), whether an ' +
    'empty today puts it at risk, and the last active day. Days after today are ignored.',
  version: 1,
  subjects: ['person'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive(input) {
    const { current, longest, days, atRisk, lastActiveDay } = readStreaks(input);
    const isCurrent = longest !== null && longest === current;
    return {
      value: longest?.days.length ?? 0,
      detail: {
        from: longest?.from ?? null,
        to: longest?.to ?? null,
        isCurrent,
        atRisk: isCurrent && atRisk,
        lastActiveDay,
      },
      ...listCommitDays((longest?.days ?? []).map((day) => [day, days.get(day) ?? 0])),
    };
  },
});
