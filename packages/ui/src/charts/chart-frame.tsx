import { useState, type KeyboardEvent, type PointerEvent, type ReactElement, type ReactNode } from 'react';
import { stepIndex } from '../step-index.ts';
import { useTileView } from '../tile-view-context.ts';
import { ChartTable, type ChartTableData } from './chart-table.tsx';
import { ChartTip, type TipText } from './chart-tip.tsx';
import { useSize } from './use-size.ts';

/** A place the reader can stop at. */
export interface ChartPoint extends TipText {
  x: number;
  y: number;
}

/** The room a chart is drawn in, in px. */
export interface ChartSize {
  width: number;
  height: number;
}

/** Height where nothing can be measured yet. */
const initialHeight = 160;

/** What every chart takes. */
export interface ChartBasics {
  /** What is drawn: `Commits by day`. */
  label: string;
  /** One sentence that tells the finding, for those who listen. */
  finding?: string | undefined;
  /** `table` shows the same numbers as rows, in the same place; left out, as the tile is set. */
  view?: 'chart' | 'table' | undefined;
}

export interface ChartFrameProps extends ChartBasics {
  table: ChartTableData;
  /** In px; left out: what is left in the tile. */
  height?: number | undefined;
  initialWidth?: number | undefined;
  points: (size: ChartSize) => readonly ChartPoint[];
  onEnter?: ((index: number) => void) | undefined;
  /** Draws the chart at a size; `active` is the point under the pointer or the keys. */
  children: (size: ChartSize, active: number | null) => ReactNode;
}

/** What all charts share: measured width, one stop for the keyboard, the tooltip, the table behind it. */
export function ChartFrame(props: ChartFrameProps): ReactElement {
  const tileView = useTileView();
  const { label, finding, view = tileView, table, height, initialWidth = 480, onEnter, children } = props;
  const [plot, measured] = useSize<HTMLDivElement>(initialWidth, initialHeight);
  const size = { width: measured.width, height: height ?? measured.height };
  const [active, setActive] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  if (view === 'table') return <ChartTable data={table} />;
  const points = props.points(size);
  const point = active === null ? undefined : points[active];

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && active !== null) onEnter?.(active);
    if (event.key === 'Escape' && active !== null) {
      event.preventDefault();
      setActive(null);
    }
    const next = stepIndex(event.key, active ?? -1, points.length);
    const to = next === null ? undefined : points[next];
    if (!to) return;
    event.preventDefault();
    setActive(next);
    setSaid([to.value, to.label, to.note].filter(Boolean).join(', '));
  };
  const onPointer = (event: PointerEvent<HTMLDivElement>): void => {
    setActive(findNearest(points, event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  return (
    <div className={height === undefined ? 'chart chart-fill' : 'chart'}>
      <div
        ref={plot}
        className="chart-plot"
        style={height === undefined ? undefined : { height }}
        role="img"
        aria-label={finding ? `${label}. ${finding}` : label}
        tabIndex={points.length > 0 ? 0 : undefined}
        onKeyDown={onKeyDown}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setActive(null)}
        onBlur={() => setActive(null)}
        onClick={() => active !== null && onEnter?.(active)}
      >
        {children(size, active)}
        <ChartTip tip={point ?? null} anchor={plot} />
      </div>
      <span className="vh" aria-live="polite">
        {said}
      </span>
      <ChartTable data={table} hidden />
    </div>
  );
}

/** The point whose place is nearest to where the pointer stands. */
export function findNearest(points: readonly { x: number }[], x: number): number | null {
  let best: number | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, point] of points.entries()) {
    const away = Math.abs(point.x - x);
    if (away >= distance) continue;
    distance = away;
    best = index;
  }
  return best;
}
