import { type ReactElement, useMemo } from 'react';
import { Bars } from '@devpulse/ui/charts/bars.tsx';
import { formatDay, formatDayRange, formatFullDay, monthNames, nameWeekday } from '@devpulse/ui/format/format-day';
import { sayValue } from '@devpulse/ui/format/format-number';
import type { TileAnswer, ViewProps } from '@devpulse/ui/view-props';
import { Lead } from '../_parts/lead.tsx';
import { makeQuestion } from '../_parts/make-question.ts';
import { Remark } from '../_parts/remark.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type Result = ViewProps<typeof widget>['result'];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { commits, average, steps, by } = result;
  const bars = useMemo(() => steps.map((step) => drawStep(step, by, answer.today)), [steps, by, answer.today]);
  return (
    <>
      <Lead figure={<TileNumber figure={commits} answer={answer} size="mid" showUnit />}>
        {average.value === null ? (
          average.reason
        ) : (
          <>
            <TileNumber figure={average} answer={answer} /> a week on average
          </>
        )}
      </Lead>
      <Bars
        label={`Commits by ${by}`}
        finding={`${sayValue(commits.value, 'commits')}, ${formatDayRange(answer.from, answer.to, answer.today)}.`}
        bars={bars}
        unit="commits"
        ask={(index) => {
          const { from, to } = steps[index] ?? answer;
          return makeQuestion({ metric: 'commits', from, to }, answer);
        }}
      />
      <Insights result={result} answer={answer} />
    </>
  );
}

function drawStep({ from, to, value, complete }: Result['steps'][number], by: Result['by'], today: string) {
  return {
    key: from,
    label: by === 'day' ? formatFullDay(from) : formatDayRange(from, to, today),
    tick: formatDay(from),
    // What has not begun is empty, not zero so far.
    value,
    unfinished: !complete && from <= today,
  };
}

const trendWords: Record<string, string> = {
  up: 'This month runs above the last',
  down: 'This month runs below the last',
  steady: 'This month runs like the last',
  new: 'Nothing last month, so this one has no comparison',
};

function Insights({ result, answer }: { result: Result; answer: TileAnswer }): ReactElement | null {
  const { bestMonth, bestWeekday, longestGap, trend } = result;
  if (bestMonth === null) return null;
  const parts = [
    bestWeekday !== null && `Most on ${nameWeekday(bestWeekday)}, on average`,
    longestGap !== null && `longest gap ${formatDayRange(longestGap.from, longestGap.to, answer.today)}`,
  ].filter(Boolean);
  return (
    <Remark>
      Best month {nameMonth(bestMonth.month)} with{' '}
      <TileNumber
        figure={bestMonth.commits}
        answer={answer}
        label={`Commits in ${nameMonth(bestMonth.month)}`}
        showUnit
      />
      . {parts.length > 0 && `${parts.join('; ')}. `}
      {trend !== null && trendWords[trend] !== undefined && `${trendWords[trend]}.`}
    </Remark>
  );
}

/** `2026-03` as `Mar 2026`. */
function nameMonth(month: string): string {
  return `${monthNames[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`;
}
