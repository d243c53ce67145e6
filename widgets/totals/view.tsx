import type { ReactElement } from 'react';
import { Delta } from '@devpulse/ui/delta.tsx';
import { formatDayRange } from '@devpulse/ui/format/format-day';
import type { TileAnswer, ViewProps } from '@devpulse/ui/view-props';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type Result = ViewProps<typeof widget>['result'];
type Total = Result['totals'][number];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const days = formatDayRange(result.before.from, result.before.to, answer.today);
  const hasBase = result.totals.some(({ before }) => before.value !== null && before.state !== 'empty');
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 @min-[40rem]:grid-cols-5 @min-[40rem]:gap-y-1.5">
      {result.totals.map((total) => (
        <div key={total.now.metric}>
          <dt className="text-small text-ink-2">{total.now.title}</dt>
          <dd>
            <TileNumber figure={total.now} answer={answer} size="figure" />
          </dd>
          {hasBase && (
            <dd className="text-small">
              <Delta
                amount={differ(total)}
                unit={total.now.unit}
                than={<span className="vh">{`${differ(total) === 0 ? 'as' : 'than'} ${days}`}</span>}
              />
            </dd>
          )}
        </div>
      ))}
      <div className="self-end text-small text-ink-3 @min-[40rem]:col-span-full">
        <dt className="vh">Comparison</dt>
        <dd>{sayComparison(result, answer, days)}</dd>
      </div>
    </dl>
  );
}

/** What the differences are to; where everything would be "more than nothing", there is none. */
function sayComparison({ totals }: Result, { from, to, today }: TileAnswer, days: string): string {
  const unknown = totals.filter(({ before }) => before.value === null);
  if (unknown.length === totals.length) return `No comparison: ${days} is unknown.`;
  if (totals.every(({ before }) => before.value === null || before.state === 'empty'))
    return `No comparison: nothing was found in ${days}.`;
  const isRunning = to >= today && from <= today;
  return `Compared with ${days}.${isRunning ? ' Today is not over.' : ''}`;
}

function differ({ now, before }: Total): number | null {
  return now.value === null || before.value === null ? null : now.value - before.value;
}
