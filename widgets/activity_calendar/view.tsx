import { type ReactElement, useMemo } from 'react';
import { Calendar } from '@devpulse/ui/charts/calendar.tsx';
import { shiftDay } from '@devpulse/ui/format/format-day';
import { sayValue } from '@devpulse/ui/format/format-number';
import type { ViewProps } from '@devpulse/ui/view-props';
import { makeQuestion } from '../_parts/make-question.ts';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const days = useMemo(
    () => result.days.map((value, index) => ({ day: shiftDay(result.from, index), value })),
    [result],
  );
  return (
    <Calendar
      label={`Commits by day, ${result.weeks} weeks`}
      finding={`${sayValue(result.commits.value, 'commits')} on ${sayValue(result.activeDays.value, 'active days')}.`}
      days={days}
      today={answer.today}
      unit="commits"
      weekStart={answer.weekStart}
      sums
      ask={(day) => makeQuestion({ metric: 'commits', from: day, to: day }, answer)}
      foot={<Foot result={result} answer={answer} />}
    />
  );
}

function Foot({ result, answer }: ViewProps<typeof widget>): ReactElement {
  return (
    <span className="flex flex-wrap items-baseline gap-x-5 gap-y-1.5 text-small text-ink-2">
      <span>
        <TileNumber figure={result.commits} answer={answer} showUnit />
      </span>
      <span>
        <TileNumber figure={result.activeDays} answer={answer} /> active days
      </span>
      {result.streak && (
        <span>
          streak <TileNumber figure={result.streak} answer={answer} />
        </span>
      )}
      {result.longest && (
        <span>
          longest <TileNumber figure={result.longest} answer={answer} />
        </span>
      )}
    </span>
  );
}
