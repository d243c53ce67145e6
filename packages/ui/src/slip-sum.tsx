import type { ReactElement, ReactNode } from 'react';
import { formatCount, minus } from './format/format-number.ts';

export interface SlipSumProps {
  /** What was found at first: `Commits found`, 412. */
  found: { label: ReactNode; count: number };
  /** Each kind left out; counts are positive. */
  leftOut: readonly { key: string; label: ReactNode; count: number; act?: ReactNode }[];
  total: { label: ReactNode; count: number };
}

/** How a number came about, as a sum that closes: found, minus each kind left out, single rule, total, double rule. */
export function SlipSum({ found, leftOut, total }: SlipSumProps): ReactElement {
  const lost = found.count - leftOut.reduce((sum, line) => sum + line.count, 0) - total.count;
  return (
    <>
      <ul className="sum">
        <li>
          <span>{found.label}</span>
          <b>{formatCount(found.count)}</b>
        </li>
        {leftOut.map((line) => (
          <li key={line.key}>
            <span>
              {line.label}
              {line.act && <> {line.act}</>}
            </span>
            <b>{line.count === 0 ? '0' : `${minus}${formatCount(line.count)}`}</b>
          </li>
        ))}
        <li className="sum-total">
          <span>{total.label}</span>
          <b>{formatCount(total.count)}</b>
        </li>
      </ul>
      {lost !== 0 && (
        <p className="sum-open" role="alert">
          This sum does not close: {formatCount(Math.abs(lost))} {lost > 0 ? 'are missing' : 'are too many'}. That is a
          fault of DevPulse; please report it.
        </p>
      )}
    </>
  );
}
