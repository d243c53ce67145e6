import type { ReactElement, ReactNode } from 'react';
import { Figure } from '../figure.tsx';
import { formatValue } from '../format/format-number.ts';
import type { ReceiptQuestion } from '../receipts-context.ts';
import { useTileView } from '../tile-view-context.ts';
import { ChartTable } from './chart-table.tsx';
import type { ChartBasics } from './chart-frame.tsx';
import { keepLargest } from './keep-largest.ts';

export interface RankedRow {
  key: string;
  label: string;
  value: number | null;
  /** A second, quiet line. */
  note?: ReactNode;
  /** The receipt of this row; its figure can then be opened. */
  question?: ReceiptQuestion | undefined;
  /** Where the label leads. */
  href?: string | undefined;
  reason?: string | undefined;
}

export interface RankedBarsProps extends ChartBasics {
  rows: readonly RankedRow[];
  unit: string;
  /** Draws each bar as its share of this; left out: of the largest. */
  total?: number | undefined;
  /** Rows beyond this are summed as "n other". */
  most?: number | undefined;
}

/** Things, never people, by size: label, bar, figure. */
export function RankedBars(props: RankedBarsProps): ReactElement {
  const tileView = useTileView();
  const { label, view = tileView, rows, unit, total, most = 8 } = props;
  if (view === 'table') return <ChartTable data={tabulate(label, rows, unit)} />;
  const { kept, other, otherCount } = keepLargest(rows, most);
  const whole = total ?? Math.max(1, ...kept.map((row) => row.value ?? 0), other ?? 0);
  return (
    <ol className="ranked" aria-label={label}>
      {kept.map((row) => (
        <li key={row.key}>
          <span className="ranked-label" title={row.label}>
            {row.href ? (
              <a className="ranked-link" href={row.href}>
                {row.label}
              </a>
            ) : (
              row.label
            )}
            {row.note && <small>{row.note}</small>}
          </span>
          <Track share={(row.value ?? 0) / whole} unknown={row.value === null} />
          <span className="ranked-value">
            {row.question ? (
              <Figure question={row.question} label={row.label} value={row.value} unit={unit} reason={row.reason} />
            ) : (
              <span title={row.value === null ? row.reason : undefined}>{formatValue(row.value, unit)}</span>
            )}
          </span>
        </li>
      ))}
      {other !== null && (
        <li className="ranked-other">
          <span className="ranked-label">{otherCount} other</span>
          <Track share={other / whole} unknown={false} />
          <span className="ranked-value">{formatValue(other, unit)}</span>
        </li>
      )}
    </ol>
  );
}

function Track({ share, unknown }: { share: number; unknown: boolean }): ReactElement {
  return (
    <span className={`track${unknown ? ' track-unknown' : ''}`} aria-hidden="true">
      {!unknown && <i style={{ width: `${Math.min(100, share * 100)}%` }} />}
    </span>
  );
}

function tabulate(label: string, rows: readonly RankedRow[], unit: string): Parameters<typeof ChartTable>[0]['data'] {
  return {
    caption: label,
    head: ['What', unit],
    rows: rows.map((row) => ({ key: row.key, cells: [row.label, formatValue(row.value, unit)] })),
  };
}
