import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, weekdayOf } from '@devpulse/contract/day';
import { steps } from '@devpulse/contract/wire/metrics';
import { cutWindow } from './windows.ts';

const cut = (from: string, to: string, by: (typeof steps)[number], weekStart = 1): string[] =>
  cutWindow({ from, to }, by, weekStart).map((bucket) =>
    bucket.from === bucket.to ? bucket.from : `${bucket.from}…${bucket.to.slice(5)}`,
  );

describe('cutWindow', () => {
  it('leaves a total whole', () => {
    expect(cut('2026-01-15', '2026-03-02', 'total')).toEqual(['2026-01-15…03-02']);
  });

  it('cuts days, the leap day among them', () => {
    expect(cut('2024-02-28', '2024-03-01', 'day')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect(cut('2026-01-01', '2026-01-01', 'day')).toEqual(['2026-01-01']);
  });

  it('cuts months, the first and last of them as short as the window makes them', () => {
    expect(cut('2026-01-31', '2026-03-01', 'month')).toEqual(['2026-01-31', '2026-02-01…02-28', '2026-03-01']);
    expect(cut('2025-12-01', '2026-01-31', 'month')).toEqual(['2025-12-01…12-31', '2026-01-01…01-31']);
    expect(cut('2024-01-29', '2024-02-29', 'month')).toEqual(['2024-01-29…01-31', '2024-02-01…02-29']);
  });

  it('cuts weeks that begin on the day the workspace says', () => {
    // 1 January 2026 is a Thursday.
    expect(cut('2026-01-01', '2026-01-13', 'week', 1)).toEqual([
      '2026-01-01…01-04',
      '2026-01-05…01-11',
      '2026-01-12…01-13',
    ]);
    expect(cut('2026-01-01', '2026-01-13', 'week', 7)).toEqual([
      '2026-01-01…01-03',
      '2026-01-04…01-10',
      '2026-01-11…01-13',
    ]);
    expect(cut('2026-01-01', '2026-01-08', 'week', 4)).toEqual(['2026-01-01…01-07', '2026-01-08']);
    expect(cut('2026-01-01', '2026-01-08', 'week', 5)).toEqual(['2026-01-01', '2026-01-02…01-08']);
  });

  it('covers every day of any window once, in whole steps but at its ends', () => {
    const day = fc.integer({ min: 0, max: 400_000 }).map((count) => addDays('1000-01-01', count));
    fc.assert(
      fc.property(
        day,
        fc.nat(800),
        fc.constantFrom(...steps),
        fc.integer({ min: 1, max: 7 }),
        (from, length, by, weekStart) => {
          const to = addDays(from, length);
          const buckets = cutWindow({ from, to }, by, weekStart);
          expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([from, to]);
          for (const [index, bucket] of buckets.entries()) {
            expect(bucket.from <= bucket.to).toBe(true);
            const before = buckets[index - 1];
            if (before === undefined) continue;
            expect(bucket.from).toBe(addDays(before.to, 1));
            expect(by !== 'week' || weekdayOf(bucket.from) === weekStart).toBe(true);
            expect(by !== 'month' || bucket.from.endsWith('-01')).toBe(true);
          }
          const longest = { day: 1, week: 7, month: 31, total: 801 }[by];
          expect(Math.max(...buckets.map((bucket) => daysBetween(bucket.from, bucket.to) + 1))).toBeLessThanOrEqual(
            longest,
          );
        },
      ),
    );
  });
});
