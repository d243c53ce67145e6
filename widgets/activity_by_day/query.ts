import { addDays, type Day, daysBetween, startOfMonth } from '@devpulse/contract/day';
import { type Ask, type WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { type Detail, readDetail } from '../_detail/read-detail.ts';
import type { widget } from './widget.ts';

// More bars than this are too thin to be read one by one.
const daysByDayMax = 35;

export const query: WidgetQueryOf<typeof widget> = async (ask) => {
  const by = daysBetween(ask.from, ask.to) < daysByDayMax ? 'day' : 'week';
  const steps = await ask.metric('commits', { by });
  const insights = await ask.metric('activity_insights');
  const detail = readDetail(insights);
  const [gapFrom, gapTo] = [detail.text('longestGapFrom'), detail.text('longestGapTo')];
  return {
    by,
    commits: figureOf(await ask.metric('commits')),
    steps: steps.values.map(({ from, to, value, complete }) => ({ from, to, value, complete })),
    average: figureOf(insights),
    bestWeekday: detail.number('bestWeekday'),
    bestMonth: await askBestMonth(ask, detail),
    longestGap: gapFrom === null || gapTo === null ? null : { from: gapFrom, to: gapTo },
    trend: detail.text('trend'),
  };
};

/** The commits of the best month, over those of its days that the insights looked at: so its receipt proves them. */
async function askBestMonth(ask: Ask, detail: Detail) {
  const [month, from] = [detail.text('bestMonth'), detail.text('from')];
  if (month === null || from === null) return null;
  const first = `${month}-01`;
  const last = addDays(startOfMonth(addDays(first, 31)), -1);
  const window = { from: later(first, from), to: earlier(last, earlier(ask.to, ask.today)) };
  return { month, commits: figureOf(await ask.metric('commits', window)) };
}

function later(a: Day, b: Day): Day {
  return a > b ? a : b;
}

function earlier(a: Day, b: Day): Day {
  return a < b ? a : b;
}
