import type { Day } from '@devpulse/contract/day';
import type { Cell } from '@devpulse/contract/metric';

/** Both ends count; without `from` all history does. */
export interface DaySpan {
  from?: Day;
  to: Day;
}

/** What was counted on each day of the span, parts and resources together, ordered by day; empty days are absent. */
export function sumByDay(cells: readonly Cell[] | undefined, span: DaySpan): Map<Day, number> {
  return sumBy(cells, span, (cell) => cell.day);
}

/** What was counted for each part in the span, ordered by the part's key. */
export function sumByPart(cells: readonly Cell[] | undefined, span: DaySpan): Map<string, number> {
  return sumBy(cells, span, (cell) => cell.part);
}

/** What was counted in each resource in the span, ordered by its id. */
export function sumByResource(cells: readonly Cell[] | undefined, span: DaySpan): Map<string, number> {
  return sumBy(cells, span, (cell) => cell.resource);
}

/** The first day on which anything was counted, for each part or resource. */
export function findFirstDays(
  cells: readonly Cell[] | undefined,
  span: DaySpan,
  keyOf: (cell: Cell) => string | null,
): Map<string, Day> {
  return findDays(listCounted(cells, span), keyOf, (day, known) => day < known);
}

/** The last day on which anything was counted, for each part or resource. */
export function findLastDays(
  cells: readonly Cell[] | undefined,
  span: DaySpan,
  keyOf: (cell: Cell) => string | null,
): Map<string, Day> {
  return findDays(listCounted(cells, span), keyOf, (day, known) => day > known);
}

function findDays(
  cells: readonly Cell[],
  keyOf: (cell: Cell) => string | null,
  isBetter: (day: Day, known: Day) => boolean,
): Map<string, Day> {
  const found = new Map<string, Day>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const known = key === null ? undefined : found.get(key);
    if (key !== null && (known === undefined || isBetter(cell.day, known))) found.set(key, cell.day);
  }
  return found;
}

function sumBy(
  cells: readonly Cell[] | undefined,
  span: DaySpan,
  keyOf: (cell: Cell) => string | null,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const cell of listCounted(cells, span)) {
    const key = keyOf(cell);
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + cell.value);
  }
  return new Map([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listCounted(cells: readonly Cell[] | undefined, { from, to }: DaySpan): Cell[] {
  // A need without cells is a fault of the caller; taken for "nothing there" it would print a false zero.
  if (cells === undefined) throw new Error('a need of this metric was not answered');
  return cells.filter(({ day, value }) => value > 0 && day <= to && (from === undefined || day >= from));
}
