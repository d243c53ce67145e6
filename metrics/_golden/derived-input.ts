import type { Cell, DerivedInput } from '@devpulse/contract/metric';

/** Cells of days: `cellsOn({ '2026-03-01': 2 })` are two commits on the first of March. */
export function cellsOn(days: Record<string, number>, more: Partial<Cell> = {}): Cell[] {
  return Object.entries(days).map(([day, value]) => ({ day, part: '', resource: null, value, ...more }));
}

/** One thing counted on each of these days. */
export function cellsOnDays(days: readonly string[], more: Partial<Cell> = {}): Cell[] {
  return days.map((day) => ({ day, part: '', resource: null, value: 1, ...more }));
}

/** What the engine hands a derived metric; today is the window's end unless said. */
export function makeInput(
  input: Partial<Omit<DerivedInput, 'pauses'>> & { to: string; pauses?: Partial<DerivedInput['pauses']> },
): DerivedInput {
  return {
    cells: {},
    from: '2000-01-01',
    today: input.to,
    weekStart: 1,
    ...input,
    pauses: { freezes: [], restWeekdays: [], holidays: [], ...input.pauses },
  };
}
