import { useId, type ReactElement } from 'react';
import { formatCell, formatTick, formatValue, nameUnit } from '../format/format-number.ts';
import { useReceipts, type ReceiptQuestion } from '../receipts-context.ts';
import { ChartFrame, type ChartBasics, type ChartPoint, type ChartSize } from './chart-frame.tsx';
import type { ChartTableData } from './chart-table.tsx';
import { findTicks, pickLabels } from './find-ticks.ts';
import { HatchDefs } from './hatch-defs.tsx';
import { findGaps, layOutBars, type Bar, type BarsBox } from './lay-out-bars.ts';

export interface BarsProps extends ChartBasics {
  bars: readonly Bar[];
  unit: string;
  /** In px, axis and labels included; left out: the height that is left in the tile. */
  height?: number | undefined;
  /** What the ticks over the bars are: `last week`. */
  beforeLabel?: string | undefined;
  /** The receipt of one bar; without it a bar cannot be opened. */
  ask?: ((index: number) => ReceiptQuestion) | undefined;
}

const axisRoom = 20;

/** Amounts by day or week: bars from 0, hairlines, unknown spans hatched, what is not over hatched in its own colour. */
export function Bars(props: BarsProps): ReactElement {
  const { bars, unit, beforeLabel = 'before', ask } = props;
  const id = useId();
  const receipts = useReceipts();
  const highest = Math.max(0, ...bars.map((bar) => Math.max(bar.value ?? 0, bar.before ?? 0)));
  const ticks = findTicks(highest, { whole: unit !== 'hours' && unit !== 'percent' });
  const top = ticks.at(-1) || 1;
  const left = Math.max(...ticks.map((tick) => formatTick(tick, unit).length)) * 6 + 10;
  const boxAt = ({ width, height }: ChartSize): BarsBox => ({
    left,
    right: width - 1,
    top: 8,
    bottom: height - axisRoom,
  });
  const points = (size: ChartSize): ChartPoint[] =>
    layOutBars(bars, top, boxAt(size)).map((place, index) => {
      const bar = bars[index];
      return { ...describeBar(bar, unit, beforeLabel), x: place.x + place.width / 2, y: place.y };
    });
  return (
    <ChartFrame
      {...props}
      points={points}
      onEnter={
        ask && receipts ? (index) => receipts.open(ask(index), document.activeElement as HTMLElement) : undefined
      }
      table={tabulate(props, beforeLabel)}
    >
      {({ width, height }, active) => (
        <svg width={width} height={height} aria-hidden="true">
          <HatchDefs id={id} />
          <Axis ticks={ticks} unit={unit} box={boxAt({ width, height })} />
          <BarShapes id={id} bars={bars} top={top} box={boxAt({ width, height })} active={active} />
        </svg>
      )}
    </ChartFrame>
  );
}

function Axis({ ticks, unit, box }: { ticks: readonly number[]; unit: string; box: BarsBox }): ReactElement {
  const top = ticks.at(-1) || 1;
  return (
    <>
      {ticks.map((tick) => {
        const y = Math.round(box.bottom - (tick / top) * (box.bottom - box.top)) + 0.5;
        return (
          <g key={tick}>
            <path className={tick === 0 ? 'axis-line' : 'grid-line'} d={`M${box.left} ${y}H${box.right}`} />
            <text className="axis-text" x={box.left - 8} y={y + 3.5} textAnchor="end">
              {formatTick(tick, unit)}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface ShapesProps {
  id: string;
  bars: readonly Bar[];
  top: number;
  box: BarsBox;
  active: number | null;
}

function BarShapes({ id, bars, top, box, active }: ShapesProps): ReactElement {
  const placed = layOutBars(bars, top, box);
  const step = bars.length === 0 ? 0 : (box.right - box.left) / bars.length;
  const labels = pickLabels(
    bars.flatMap((bar, index) =>
      bar.tick === undefined ? [] : [{ key: bar.key, text: bar.tick, x: box.left + (index + 0.5) * step }],
    ),
  );
  return (
    <>
      {findGaps(bars).map((gap) => (
        <rect
          key={gap.from}
          x={box.left + gap.from * step}
          y={box.top}
          width={(gap.to - gap.from + 1) * step}
          height={box.bottom - box.top}
          fill={`url(#${id}-unknown)`}
        />
      ))}
      {placed.map((place, index) => (
        <g key={bars[index]?.key} className={active !== null && active !== index ? 'bar-dim' : undefined}>
          {place.height > 0 && (
            <rect
              x={place.x}
              y={place.y}
              width={place.width}
              height={place.height}
              fill={bars[index]?.unfinished ? `url(#${id}-unfinished)` : 'var(--color-c1)'}
            />
          )}
          {place.before !== null && (
            <path className="before-line" d={`M${place.x - 1} ${place.before}h${place.width + 2}`} />
          )}
        </g>
      ))}
      {labels.map((label) => (
        <text
          key={label.key}
          className="axis-text"
          x={Math.min(label.x, box.right - label.text.length * 2.8)}
          y={box.bottom + 15}
          textAnchor="middle"
        >
          {label.text}
        </text>
      ))}
    </>
  );
}

function describeBar(
  bar: Bar | undefined,
  unit: string,
  beforeLabel: string,
): { value: string; label: string; note?: string } {
  if (!bar) return { value: '', label: '' };
  const notes = [bar.reason];
  if (bar.before !== undefined) notes.push(`${beforeLabel} ${formatValue(bar.before, unit)}`);
  const note = notes.filter(Boolean).join(', ');
  const amount = bar.value === null ? 'Unknown' : joinUnit(bar.value, unit);
  return { value: bar.unfinished ? `${amount} so far` : amount, label: bar.label, ...(note ? { note } : {}) };
}

/** The value with its unit in words; durations and shares bring theirs along. */
function joinUnit(value: number, unit: string): string {
  const text = formatValue(value, unit);
  return ['hours', 'minutes', 'percent', ''].includes(unit) ? text : `${text} ${nameUnit(value, unit)}`;
}

function tabulate({ label, bars, unit }: BarsProps, beforeLabel: string): ChartTableData {
  const remarks = bars.map((bar) => bar.reason ?? (bar.value === null ? 'unknown' : bar.unfinished ? 'not over' : ''));
  const hasBefore = bars.some((bar) => bar.before !== undefined);
  const hasRemarks = remarks.some((remark) => remark !== '');
  return {
    caption: label,
    head: ['When', unit, ...(hasBefore ? [beforeLabel] : []), ...(hasRemarks ? ['Remark'] : [])],
    rows: bars.map((bar, index) => ({
      key: bar.key,
      cells: [
        bar.label,
        formatCell(bar.value, unit),
        ...(hasBefore ? [formatCell(bar.before ?? null, unit)] : []),
        ...(hasRemarks ? [remarks[index] ?? ''] : []),
      ],
    })),
  };
}
