import type { DerivedInput, DerivedValue } from '@devpulse/contract/metric';
import { countWords } from '../_evidence/list-evidence.ts';
import { sumByPart } from '../_calendar/sum-cells.ts';

/** One part of the week: the slots (weekday and hour) whose commits it adds up. */
export interface Slot {
  part: string;
  label: string;
  holds(weekday: number, hour: number): boolean;
}

/** The commits of the grid, split over these slots; all of them are there, the empty ones with 0. */
export function splitGrid(input: DerivedInput, slots: readonly Slot[]): DerivedValue {
  const grid = readGrid(input);
  const parts = slots.map(({ part, label, holds }) => ({
    part,
    label,
    value: sum(grid.filter(({ weekday, hour }) => holds(weekday, hour)).map(({ commits }) => commits)),
  }));
  const peak = findPeak(parts);
  return {
    value: sum(parts.map(({ value }) => value)),
    parts,
    detail: {
      peak: peak?.part ?? null,
      peakLabel: peak?.label ?? null,
      peakCommits: peak?.value ?? null,
    },
    evidence: parts
      .filter(({ value }) => value > 0)
      .map(({ label, value }) => ({ label: `${label}: ${countWords(value, 'commit')}`, value })),
  };
}

/** The busiest hour of the week, such as `2-14` for Tuesday from 14:00; of several the earliest of the week's order. */
export function findPeakSlot(input: DerivedInput, weekdays: readonly number[]): { part: string; value: number } | null {
  const grid = readGrid(input);
  const inOrder = grid.toSorted((a, b) => weekdays.indexOf(a.weekday) - weekdays.indexOf(b.weekday) || a.hour - b.hour);
  return findPeak(inOrder.map(({ part, commits }) => ({ part, value: commits })));
}

function findPeak<Part extends { value: number }>(parts: readonly Part[]): Part | null {
  return parts.reduce<Part | null>((best, part) => (part.value > (best?.value ?? 0) ? part : best), null);
}

interface GridSlot {
  part: string;
  weekday: number;
  hour: number;
  commits: number;
}

function readGrid({ cells, from, to }: DerivedInput): GridSlot[] {
  return [...sumByPart(cells['grid'], { from, to })].map(([part, commits]) => {
    const match = /^([1-7])-([01]\d|2[0-3])$/.exec(part);
    if (match === null) throw new Error(`"${part}" is no weekday and hour`);
    return { part, weekday: Number(match[1]), hour: Number(match[2]), commits };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
