import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

function derive(commits: Record<string, number>, to = '2026-03-31', day = '2026-03-01') {
  const people = Object.entries(commits).flatMap(([part, value]) => cellsOn({ [day]: value }, { part }));
  return metric.derive(makeInput({ cells: { people }, to, from: to }));
}

describe('bus_factor', () => {
  it('is 1 where one person holds more than half', () => {
    expect(derive({ ada: 6, grace: 3, linus: 2 })).toMatchObject({
      value: 1,
      detail: { commits: 11, topShare: 54.5, others: 2, othersShare: 45.5 },
    });
  });

  it('needs more than half, not half', () => {
    expect(derive({ ada: 5, grace: 5 })).toMatchObject({
      value: 2,
      detail: { topShare: 100, others: 0, othersShare: 0 },
    });
    expect(derive({ ada: 2, grace: 1, linus: 1 })).toMatchObject({ value: 2, detail: { topShare: 75, others: 1 } });
  });

  it('reads twelve months, whatever the window: the same day of last year lies outside', () => {
    const on = (day: string) => derive({ ada: 1 }, '2026-03-31', day).value;
    expect([on('2025-03-31'), on('2025-04-01'), on('2026-03-31'), on('2026-04-01')]).toEqual([null, 1, 1, null]);
  });

  it('goes back to 28 February from a leap day', () => {
    expect(derive({ ada: 1 }, '2024-02-29', '2023-03-01').detail).toMatchObject({
      from: '2023-03-01',
      to: '2024-02-29',
    });
  });

  it('says why there is no value', () => {
    expect(derive({})).toMatchObject({ value: null, reason: 'no commit in these twelve months', evidence: [] });
  });

  it('lists everybody it was computed from, by id and not by size', () => {
    expect(derive({ linus: 2, ada: 6, grace: 3 }).evidence.map(({ person }) => person)).toEqual([
      'ada',
      'grace',
      'linus',
    ]);
  });

  it('is the smallest number of people with more than half', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 }), (counts) => {
        const k = derive(Object.fromEntries(counts.map((count, index) => [`p${index}`, count]))).value ?? 0;
        const sorted = counts.toSorted((a, b) => b - a);
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        expect(sum(sorted.slice(0, k)) * 2).toBeGreaterThan(sum(counts));
        expect(sum(sorted.slice(0, k - 1)) * 2).toBeLessThanOrEqual(sum(counts));
      }),
    );
  });
});
