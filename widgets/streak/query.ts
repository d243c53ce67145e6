import type { Day } from '@devpulse/contract/day';
import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { readDetail } from '../_detail/read-detail.ts';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask) => {
  const current = await ask.metric('current_streak');
  const longest = await ask.metric('longest_streak');
  const consistency = await ask.metric('consistency');
  const milestones = await ask.metric('streak_milestones');
  const [now, most, reached] = [readDetail(current), readDetail(longest), readDetail(milestones)];
  const within = (days: readonly Day[]): Day[] => days.filter((day) => day >= ask.from && day <= ask.to);
  return {
    current: { figure: figureOf(current), from: now.text('from'), to: now.text('to') },
    longest: {
      figure: figureOf(longest),
      from: most.text('from'),
      to: most.text('to'),
      isCurrent: most.flag('isCurrent'),
    },
    atRisk: now.flag('atRisk'),
    lastActiveDay: now.text('lastActiveDay'),
    consistency: { figure: figureOf(consistency), grade: readDetail(consistency).text('grade') },
    milestones: {
      figure: figureOf(milestones),
      last: reached.number('last'),
      lastDay: reached.text('lastDay'),
      next: reached.number('next'),
    },
    pauses: {
      restWeekdays: [...ask.pauses.restWeekdays],
      freezes: within(ask.pauses.freezes),
      holidays: within(ask.pauses.holidays),
    },
  };
};
