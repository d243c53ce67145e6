import {
  memo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
  type RefObject,
} from 'react';
import { ChartTip, type PlacedTip, type TipText } from './chart-tip.tsx';
import { moveInGrid, type GridPlace } from './move-in-grid.ts';

/** One cell: a step of the scale, or unknown. */
export interface GridCell extends TipText {
  key: string;
  /** Full name, as it is said. */
  name: string;
  level: 0 | 1 | 2 | 3 | 4 | 'unknown';
  /** Today, or the highest: a ring of ink. */
  ringed?: boolean | undefined;
}

export interface CellGridProps {
  label: string;
  className: string;
  rows: readonly { label: string; showLabel: boolean; cells: readonly (GridCell | null)[] }[];
  columns: number;
  wraps?: boolean | undefined;
  /** The cell the first Tab leads to. */
  start: GridPlace;
  onEnter?: ((place: GridPlace) => void) | undefined;
}

/** A grid of cells with one stop for the keyboard: arrows walk, Home and End jump, Enter opens. */
export function CellGrid({
  label,
  className,
  rows,
  columns,
  wraps = false,
  start,
  onEnter,
}: CellGridProps): ReactElement {
  const grid = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState<GridPlace | null>(null);
  const [tip, setTip] = useState<PlacedTip | null>(null);
  const has = ({ row, column }: GridPlace): boolean => Boolean(rows[row]?.cells[column]);
  const current = stop && has(stop) ? stop : start;

  const showTip = (cell: HTMLElement | null): void => {
    const place = readPlace(cell);
    const text = place && rows[place.row]?.cells[place.column];
    const box = grid.current?.getBoundingClientRect();
    if (!cell || !text || !box) return setTip(null);
    const at = cell.getBoundingClientRect();
    setTip({ ...text, x: at.left - box.left + at.width / 2, y: at.top - box.top });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && tip) {
      event.preventDefault();
      return setTip(null);
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return onEnter?.(current);
    }
    const next = moveInGrid(event.key, current, { rows: rows.length, columns, has, wraps });
    if (!next) return;
    event.preventDefault();
    setStop(next);
    findCell(grid, next)?.focus();
  };
  return (
    <div
      ref={grid}
      className={`cells ${className}${onEnter ? ' cells-open' : ''}`}
      role="grid"
      aria-label={label}
      aria-readonly="true"
      style={{ '--columns': columns } as CSSProperties}
      onKeyDown={onKeyDown}
      onFocus={(event) => showTip(event.target)}
      onBlur={() => setTip(null)}
      onPointerOver={(event) => showTip(event.target as HTMLElement)}
      onPointerLeave={() => setTip(null)}
      onClick={(event) => {
        const place = readPlace(event.target as HTMLElement);
        if (!place) return;
        setStop(place);
        onEnter?.(place);
      }}
    >
      <CellRows rows={rows} stopRow={current.row} stopColumn={current.column} />
      <ChartTip tip={tip} anchor={grid} />
    </div>
  );
}

interface CellRowsProps {
  rows: CellGridProps['rows'];
  stopRow: number;
  stopColumn: number;
}

/** Drawn anew only when the numbers or the stop change, not with every move of the pointer. */
const CellRows = memo(function CellRows({ rows, stopRow, stopColumn }: CellRowsProps): ReactElement[] {
  return rows.map((row, rowIndex) => (
    <div key={row.label} role="row" className="cell-row">
      <span role="rowheader" className="cell-head">
        <span className={row.showLabel ? undefined : 'vh'}>{row.label}</span>
      </span>
      {row.cells.map((cell, column) =>
        cell ? (
          <span
            key={cell.key}
            role="gridcell"
            className={`cell cell-${cell.level}${cell.ringed ? ' cell-ringed' : ''}`}
            aria-label={cell.name}
            tabIndex={rowIndex === stopRow && column === stopColumn ? 0 : -1}
            data-place={`${rowIndex}:${column}`}
          />
        ) : (
          <span key={`hole-${column}`} aria-hidden="true" />
        ),
      )}
    </div>
  ));
});

function readPlace(cell: HTMLElement | null): GridPlace | null {
  const [row, column] = cell?.dataset['place']?.split(':').map(Number) ?? [];
  return row === undefined || column === undefined ? null : { row, column };
}

function findCell(grid: RefObject<HTMLDivElement | null>, { row, column }: GridPlace): HTMLElement | null {
  return grid.current?.querySelector<HTMLElement>(`[data-place="${row}:${column}"]`) ?? null;
}
