import { useMemo, type ReactElement } from 'react';
import { nameWeekday } from '../format/format-day.ts';
import { formatValue, nameUnit } from '../format/format-number.ts';
import { useReceipts, type ReceiptQuestion } from '../receipts-context.ts';
import { useTileView } from '../tile-view-context.ts';
import { CellGrid } from './cell-grid.tsx';
import type { ChartBasics } from './chart-frame.tsx';
import { ChartTable } from './chart-table.tsx';
import { findThresholds, levelOf } from './quartile-levels.ts';

/** So many in one hour of one weekday. */
export interface HourCell {
  /** ISO weekday; 1 is Monday. */
  weekday: number;
  /** 0 to 23, in the person's zone. */
  hour: number;
  value: number;
}

export interface HourGridProps extends ChartBasics {
  /** Hours that are missing had none. */
  cells: readonly HourCell[];
  unit: string;
  weekStart?: number | undefined;
  /** The receipt of one hour; without it an hour cannot be opened. */
  ask?: ((weekday: number, hour: number) => ReceiptQuestion) | undefined;
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const labelled = new Set([0, 6, 12, 18, 23]);

/** A week by the hour: seven rows, twenty-four columns, the busiest hour ringed. */
export function HourGrid(props: HourGridProps): ReactElement {
  const tileView = useTileView();
  const receipts = useReceipts();
  const { label, finding, view = tileView, cells, unit, weekStart = 1, ask } = props;
  const { rows, start } = useMemo(() => layOutHours(cells, unit, weekStart), [cells, unit, weekStart]);
  if (view === 'table') {
    return (
      <ChartTable
        data={{
          caption: label,
          head: ['Hour', ...rows.map((row) => row.label)],
          rows: hours.map((hour) => ({
            key: String(hour),
            cells: [`${hour}:00`, ...rows.map((row) => row.cells[hour]?.amount ?? '0')],
          })),
        }}
      />
    );
  }
  return (
    <div className="hours">
      <CellGrid
        label={finding ? `${label}. ${finding}` : label}
        className="hour-cells"
        rows={rows}
        columns={24}
        start={start}
        onEnter={
          ask && receipts
            ? ({ row, column }) =>
                receipts.open(ask(((weekStart + row - 1) % 7) + 1, column), document.activeElement as HTMLElement)
            : undefined
        }
      />
      <div className="hour-ticks" aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour}>{labelled.has(hour) && hour}</span>
        ))}
      </div>
    </div>
  );
}

function layOutHours(cells: readonly HourCell[], unit: string, weekStart: number) {
  const amounts = new Map(cells.map((cell) => [`${cell.weekday}:${cell.hour}`, cell.value]));
  const thresholds = findThresholds([...amounts.values()]);
  const highest = Math.max(0, ...amounts.values());
  // Of hours that are equal the first is ringed.
  let found = false;
  let start = { row: 0, column: 0 };
  const rows = Array.from({ length: 7 }, (_, row) => {
    const weekday = ((weekStart + row - 1) % 7) + 1;
    return {
      label: nameWeekday(weekday),
      showLabel: true,
      cells: hours.map((hour) => {
        const amount = amounts.get(`${weekday}:${hour}`) ?? 0;
        const ringed = !found && amount > 0 && amount === highest;
        if (ringed) {
          found = true;
          start = { row, column: hour };
        }
        const value = `${formatValue(amount, unit)} ${nameUnit(amount, unit)}`;
        const place = `${nameWeekday(weekday)} ${hour}:00`;
        return {
          key: place,
          name: `${place}: ${value}`,
          amount: formatValue(amount, unit),
          level: levelOf(amount, thresholds),
          ringed,
          value,
          label: place,
        };
      }),
    };
  });
  return { rows, start };
}
