import type { ReactElement } from 'react';
import { Delta } from '@devpulse/ui/delta.tsx';
import { formatDayRange } from '@devpulse/ui/format/format-day';
import type { ViewProps } from '@devpulse/ui/view-props';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type Total = ViewProps<typeof widget>['result']['totals'][number];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const days = formatDayRange(result.before.from, result.before.to, answer.today);
  const isRunning = answer.to >= answer.today && answer.from <= answer.today;
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 @min-[40rem]:grid-cols-6">
      {result.totals.map((total) => (
        <div key={total.now.metric}>
          <dt className="text-small text-ink-2">{total.now.title}</dt>
          <dd>
            <TileNumber figure={total.now} answer={answer} size="figure" />
          </dd>
          <dd className="text-small">
            <Delta
              amount={differ(total)}
              unit={total.now.unit}
              than={<span className="vh">{`${differ(total) === 0 ? 'as' : 'than'} ${days}`}</span>}
              missing={total.before.value === null ? `${days} is unknown` : undefined}
            />
          </dd>
        </div>
      ))}
      <div className="self-end text-small text-ink-3">
        <dt className="vh">Compared with</dt>
        <dd>
          Compared with {days}.{isRunning && ' Today is not over.'}
        </dd>
      </div>
    </dl>
  );
}

function differ({ now, before }: Total): number | null {
  return now.value === null || before.value === null ? null : now.value - before.value;
}
