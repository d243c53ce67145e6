/** A cell of a grid by row and column. */
export interface GridPlace {
  row: number;
  column: number;
}

/** What a walk through a grid has to know of it. */
export interface GridShape {
  rows: number;
  columns: number;
  has: (place: GridPlace) => boolean;
  /** Down from the last row leads to the top of the next column, as from Sunday to Monday. */
  wraps: boolean;
}

/** Where a key leads in a grid with holes; null when the key means nothing here or leads nowhere. */
export function moveInGrid(key: string, at: GridPlace, grid: GridShape): GridPlace | null {
  const step = steps[key];
  if (step) return walk(at, step, grid);
  if (key === 'Home') return firstFrom({ row: 0, column: 0 }, 1, grid);
  if (key === 'End') return firstFrom({ row: grid.rows - 1, column: grid.columns - 1 }, -1, grid);
  return null;
}

const steps: Record<string, { row: number; column: number }> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  PageUp: { row: 0, column: -4 },
  PageDown: { row: 0, column: 4 },
};

function walk(at: GridPlace, step: GridPlace, grid: GridShape): GridPlace | null {
  let { row, column } = at;
  row += step.row;
  column += step.column;
  if (grid.wraps && row < 0) [row, column] = [grid.rows - 1, column - 1];
  if (grid.wraps && row >= grid.rows) [row, column] = [0, column + 1];
  const isInside = row >= 0 && row < grid.rows && column >= 0 && column < grid.columns;
  return isInside && grid.has({ row, column }) ? { row, column } : null;
}

/** The first cell that exists, column by column, from one end. */
function firstFrom(start: GridPlace, direction: 1 | -1, grid: GridShape): GridPlace | null {
  for (let column = start.column; column >= 0 && column < grid.columns; column += direction) {
    for (let row = start.row; row >= 0 && row < grid.rows; row += direction) {
      if (grid.has({ row, column })) return { row, column };
    }
  }
  return null;
}
