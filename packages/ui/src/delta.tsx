import type { ReactElement, ReactNode } from 'react';
import { formatValue } from './format/format-number.ts';

export interface DeltaProps {
  /** Now minus before, in the metric's unit; null when there is nothing to compare with. */
  amount: number | null;
  unit: string;
  /** From the metric's manifest. Colour only when it states a better direction. */
  better?: 'up' | 'down' | 'neither' | undefined;
  /** Words after it: `than the 28 days before`. */
  than?: ReactNode;
  /** Why there is no comparison: `week 46 is unknown`. */
  missing?: string | undefined;
}

const arrows = { up: 'M4 1l3.5 6h-7z', down: 'M4 7L0.5 1h7z', same: 'M0.5 3h7v2h-7z' } as const;

/** A difference: arrow, amount, word; coloured only where the metric says which way is better. */
export function Delta({ amount, unit, better = 'neither', than, missing }: DeltaProps): ReactElement {
  if (amount === null) return <span className="delta">no comparison{missing ? `: ${missing}` : ''}</span>;
  const way = amount > 0 ? 'up' : amount < 0 ? 'down' : 'same';
  const tone = better === 'neither' || way === 'same' ? '' : way === better ? ' delta-good' : ' delta-worse';
  return (
    <span className="delta">
      <b className={`delta-amount${tone}`}>
        <svg className="arrow" viewBox="0 0 8 8" aria-hidden="true">
          <path d={arrows[way]} />
        </svg>
        {way !== 'same' && formatValue(Math.abs(amount), unit)}
      </b>{' '}
      {wordFor(way, unit)}
      {than && <> {than}</>}
    </span>
  );
}

function wordFor(way: 'up' | 'down' | 'same', unit: string): string {
  if (way === 'same') return 'the same';
  if (unit === 'hours' || unit === 'minutes') return way === 'up' ? 'longer' : 'shorter';
  if (unit === 'percent' || unit === 'points') return way === 'up' ? 'higher' : 'lower';
  return way === 'up' ? 'more' : 'fewer';
}
