import { addDays } from '@devpulse/contract/day';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOnDays, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

function derive(days: readonly string[], more: Partial<Parameters<typeof makeInput>[0]> & { to: string }) {
  return metric.derive(makeInput({ cells: { commits: cellsOnDays(days) }, ...more }));
}

describe('streak_milestones', () => {
  it('is reached on the day that makes it', () => {
    expect(derive(daysFrom('2026-01-01', 6), { to: '2026-01-06' }).value).toBe(0);
    expect(derive(daysFrom('2026-01-01', 7), { to: '2026-01-07' })).toMatchObject({
      value: 1,
      detail: { last: 7, lastDay: '2026-01-07', lastRunFrom: '2026-01-01' },
      evidence: [{ value: 7, day: '2026-01-07' }],
    });
  });

  it('is reached again by a second run', () => {
    const days = [...daysFrom('2026-01-01', 30), ...daysFrom('2026-03-01', 30)];
    const { value, evidence } = derive(days, { to: '2026-03-30' });
    expect(value).toBe(6);
    expect(evidence.map((line) => [line.value, line.day])).toEqual([
      [30, '2026-03-30'],
      [14, '2026-03-14'],
      [7, '2026-03-07'],
      [30, '2026-01-30'],
      [14, '2026-01-14'],
      [7, '2026-01-07'],
    ]);
  });

  it('names the next one of the current streak', () => {
    const nextOf = (days: string[], to: string) => derive(days, { to }).detail;
    expect(nextOf([], '2026-01-06')).toMatchObject({ next: 7 });
    expect(nextOf(daysFrom('2026-01-01', 7), '2026-01-07')).toMatchObject({ next: 14 });
    expect(nextOf(daysFrom('2026-01-01', 12), '2026-01-12')).toMatchObject({ next: 14 });
    expect(nextOf(daysFrom('2025-01-01', 365), '2025-12-31')).toMatchObject({ next: 730 });
    // The run is broken: the next streak begins from nothing.
    expect(nextOf(daysFrom('2026-01-01', 12), '2026-01-20')).toMatchObject({ next: 7 });
  });

  it('goes on every 365 days after the list', () => {
    const { evidence } = derive(daysFrom('2022-01-01', 1100), { to: addDays('2022-01-01', 1099) });
    expect(evidence.map((line) => line.value)).toEqual([1095, 730, 365, 200, 100, 50, 30, 14, 7]);
  });

  it('counts in a window only what was reached there, however long ago the run began', () => {
    const days = daysFrom('2026-01-01', 20);
    expect(derive(days, { from: '2026-01-10', to: '2026-01-20' })).toMatchObject({ value: 1, detail: { last: 14 } });
    expect(derive(days, { from: '2026-01-15', to: '2026-01-20' }).value).toBe(0);
  });

  it('is not moved by pauses, which neither count nor break', () => {
    const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-09', '2026-03-10'];
    expect(derive(days, { to: '2026-03-10', pauses: { restWeekdays: [6, 7] } })).toMatchObject({
      value: 1,
      detail: { lastDay: '2026-03-10' },
    });
    expect(derive(days, { to: '2026-03-10' }).value).toBe(0);
  });

  it('says nothing of nothing', () => {
    expect(derive([], { to: '2026-03-10' })).toMatchObject({ value: 0, evidence: [], detail: { last: null } });
  });

  it('adds up over adjacent windows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), fc.nat(400), (offsets, cut) => {
        const days = [...new Set(offsets)].toSorted((a, b) => a - b).map((offset) => addDays('2025-01-01', offset));
        const count = (from: string, to: string): number => derive(days, { from, to, today: '2026-12-31' }).value ?? 0;
        const middle = addDays('2025-01-01', cut);
        expect(count('2025-01-01', middle) + count(addDays(middle, 1), '2026-12-31')).toBe(
          count('2025-01-01', '2026-12-31'),
        );
      }),
    );
  });
});
