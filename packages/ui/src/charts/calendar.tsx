import { useMemo, type CSSProperties, type ReactElement, type ReactNode } from 'react';
import type { Day } from '@devpulse/contract/day';
import { formatFullDay, nameWeekday } from '../format/format-day.ts';
import { formatValue, nameUnit } from '../format/format-number.ts';
import { useReceipts, type ReceiptQuestion } from '../receipts-context.ts';
import { useTileView } from '../tile-view-context.ts';
import { CellGrid, type GridCell } from './cell-grid.tsx';
import type { ChartBasics } from './chart-frame.tsx';
import { ChartTable } from './chart-table.tsx';
import { layOutCalendar, sumWeeks, type CalendarDay } from './lay-out-calendar.ts';
import { findThresholds, levelOf, listRanges } from './quartile-levels.ts';
import { ScaleLegend } from './scale-legend.tsx';
import { WeekSums } from './week-sums.tsx';

export interface CalendarProps extends ChartBasics {
  /** Days that follow each other, oldest first, up to today. */
  days: readonly CalendarDay[];
  today: Day;
  /** What is counted: `commits`. */
  unit: string;
  /** ISO weekday the person's weeks start on; 1 is Monday. */
  weekStart?: number | undefined;
  /** Adds the sum of each week beneath, aligned to the columns; hidden where there is no room. */
  sums?: boolean | undefined;
  /** The receipt of one day; without it a day cannot be opened. */
  ask?: ((day: Day) => ReceiptQuestion) | undefined;
  /** Figures at the foot, at the left of the scale. */
  foot?: ReactNode;
}

/** A year of days: columns are weeks, the step of the scale is a quartile of the person's own days. */
export function Calendar(props: CalendarProps): ReactElement {
  const tileView = useTileView();
  const { label, finding, view = tileView, days, today, unit, weekStart = 1, sums, ask, foot } = props;
  const receipts = useReceipts();
  const layout = useMemo(() => layOutCalendar(days, weekStart), [days, weekStart]);
  const values = useMemo(() => days.map((entry) => entry.value), [days]);
  const rows = useMemo(() => {
    const thresholds = findThresholds(values);
    return layout.cells.map((cells, row) => ({
      label: nameWeekday(weekStart + row),
      showLabel: row % 2 === 0,
      cells: cells.map((entry) => entry && describeDay(entry, { today, unit, thresholds })),
    }));
  }, [layout, values, weekStart, today, unit]);
  if (view === 'table') return <ChartTable data={tabulate(props)} />;
  const lastColumn = Math.max(0, layout.weeks - 1);
  const start = {
    row: Math.max(
      0,
      layout.cells.findLastIndex((row) => row[lastColumn]),
    ),
    column: lastColumn,
  };
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  return (
    <div className="calendar">
      {/* The grid holds the focus and scrolls with it, so the frame needs no stop of its own. */}
      <div className="calendar-frame">
        <div className="calendar-sheet" style={{ '--columns': layout.weeks } as CSSProperties}>
          <div className="calendar-months" aria-hidden="true">
            {layout.months.map((month) => (
              <span key={month.column} style={{ gridColumnStart: month.column + 2 }}>
                {month.name}
              </span>
            ))}
          </div>
          <CellGrid
            label={finding ? `${label}. ${finding}` : label}
            className="calendar-cells"
            rows={rows}
            columns={layout.weeks}
            wraps
            start={start}
            onEnter={
              ask && receipts
                ? ({ row, column }) => {
                    const entry = layout.cells[row]?.[column];
                    if (entry) receipts.open(ask(entry.day), document.activeElement as HTMLElement);
                  }
                : undefined
            }
          />
          {sums && <WeekSums sums={sumWeeks(layout)} unit={unit} today={today} />}
        </div>
      </div>
      <div className="calendar-foot">
        {foot}
        {highest > 0 && <ScaleLegend ranges={listRanges(findThresholds(values), highest)} unit={unit} />}
      </div>
    </div>
  );
}

interface Scale {
  today: Day;
  unit: string;
  thresholds: readonly [number, number, number];
}

function describeDay(entry: CalendarDay, { today, unit, thresholds }: Scale): GridCell {
  const isToday = entry.day === today;
  const amount = entry.value === null ? 'Unknown' : `${formatValue(entry.value, unit)} ${nameUnit(entry.value, unit)}`;
  const value = isToday && entry.value !== null ? `${amount} so far` : amount;
  const label = formatFullDay(entry.day);
  const note = entry.reason;
  return {
    key: entry.day,
    name: `${label}: ${entry.value === null ? 'unknown' : value}${note ? `, ${note}` : ''}`,
    level: entry.value === null ? 'unknown' : levelOf(entry.value, thresholds),
    ringed: isToday,
    value,
    label,
    note,
  };
}

function tabulate({ label, unit, days, today }: CalendarProps): Parameters<typeof ChartTable>[0]['data'] {
  return {
    caption: label,
    head: ['Day', unit === '' ? 'Value' : unit, 'Remark'],
    rows: days.toReversed().map((entry) => ({
      key: entry.day,
      cells: [
        formatFullDay(entry.day),
        formatValue(entry.value, unit),
        entry.reason ?? (entry.value === null ? 'unknown' : entry.day === today ? 'so far' : ''),
      ],
    })),
  };
}
