import type { ReactElement } from 'react';
import { formatCount } from '../format/format-number.ts';
import type { LevelRange } from './quartile-levels.ts';

/** The steps of the scale with what each stands for. */
export function ScaleLegend({ ranges, unit }: { ranges: readonly LevelRange[]; unit: string }): ReactElement {
  const top = ranges.at(-1);
  return (
    <span className="scale" role="img" aria-label={`Scale in ${unit}: 0; ${ranges.map(sayRange).join('; ')}`}>
      0
      <i className="cell cell-0" />
      {ranges.map((range) => (
        <i key={range.level} className={`cell cell-${range.level}`} title={sayRange(range)} />
      ))}
      {top && `${formatCount(top.from)}+`}
    </span>
  );
}

function sayRange(range: LevelRange): string {
  if (range.to === null) return `${formatCount(range.from)} or more`;
  return range.from === range.to ? formatCount(range.from) : `${formatCount(range.from)} to ${formatCount(range.to)}`;
}
