import type { ReactElement } from 'react';
import type { Day } from '@devpulse/contract/day';
import { formatDay } from '../format/format-day.ts';
import { formatValue, nameUnit } from '../format/format-number.ts';
import type { WeekSum } from './lay-out-calendar.ts';

/** The sum of each week beneath its column; the week that is not over is hatched, as are days that nobody knows. */
export function WeekSums({ sums, unit, today }: { sums: readonly WeekSum[]; unit: string; today: Day }): ReactElement {
  const highest = Math.max(1, ...sums.map((sum) => sum.value));
  return (
    <div className="week-sums" aria-hidden="true">
      <span className="cell-head">week</span>
      {sums.map((sum) => {
        const isOpen = sum.to === today;
        const parts = [
          `${formatValue(sum.value, unit)} ${nameUnit(sum.value, unit)}`,
          `week of ${formatDay(sum.from)}`,
        ];
        if (sum.unknown > 0) parts.push(`${sum.unknown} ${nameUnit(sum.unknown, 'days')} unknown`);
        return (
          <span key={sum.from} className={`week-sum${sum.unknown > 0 ? ' week-unknown' : ''}`} title={parts.join(', ')}>
            <i className={isOpen ? 'week-open' : undefined} style={{ height: `${(sum.value / highest) * 100}%` }} />
          </span>
        );
      })}
    </div>
  );
}
