import { defineMetric } from '@devpulse/contract/metric';
import { scoreConsistency } from './score-consistency.ts';

export const metric = defineMetric({
  id: 'consistency',
  title: 'Consistency',
  unit: 'points',
  better: 'up',
  kind: 'derived',
  partTitle: 'Points for',
  definition:
    'Up to 100 points, the sum of four parts, rounded to a whole number. (1) 40 × active weeks ÷ weeks. The weeks ' +
    'are the twelve calendar weeks up to the one of the last day (they begin on the workspace’s first day of the ' +
    'week), or as many as there are since the week of the first activity. A week is active with one active day. The ' +
    'week that is not over is taken only when it is active already, else the weeks end with the one before; a week ' +
    'without activity of which every day is paused is left out. (2) 30 × current streak ÷ longest streak, as in ' +
    'those metrics. (3) 20 − the longest gap in days ÷ 7, at least 0. A gap is a stretch of days without activity ' +
    'within the last 365 days, or since the first activity if that is later; it runs up to the last day. (4) 10 when ' +
    'fewer than 7 days without activity have passed since the last active day, 5 when fewer than 14, else 0. Active ' +
    'days are those of "active_days"; paused days (freezes, rest weekdays, holidays) are left out wherever days ' +
    'without activity are counted, and so is today, which is not over. The last day is the window’s, or today if ' +
    'that is earlier. There is no value, and never 20 points for nothing, before the first activity is two weeks old ' +
    '(14 days, the first and the last counted), nor when every one of these weeks is paused. Grade: S from 90, A ' +
    'from 75, B from 60, C from 40, else D.',
  version: 1,
  subjects: ['person'],
  needs: { commits: { metric: 'commits', span: 'history' } },
  derive: scoreConsistency,
});
