import { addDays, startOfWeek } from '@devpulse/contract/day';
import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask, { weeks }) => {
  const to = ask.today;
  const window = { from: addDays(startOfWeek(to, ask.weekStart), -7 * (weeks - 1)), to };
  const days = await ask.metric('commits', { ...window, by: 'day' });
  const isPerson = ask.subject.kind === 'person';
  return {
    ...window,
    weeks,
    days: days.values.map(({ value }) => value),
    commits: figureOf(await ask.metric('commits', window)),
    activeDays: figureOf(await ask.metric('active_days', window)),
    streak: isPerson ? figureOf(await ask.metric('current_streak', window)) : null,
    longest: isPerson ? figureOf(await ask.metric('longest_streak', window)) : null,
  };
};
