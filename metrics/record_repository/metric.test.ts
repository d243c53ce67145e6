import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('record_repository', () => {
  it('takes the one with the most commits, of several the one that began earliest', () => {
    const commits = [
      ...cellsOn({ '2026-03-02': 5 }, { resource: 'a' }),
      ...cellsOn({ '2026-03-03': 2, '2026-03-01': 3 }, { resource: 'b' }),
      ...cellsOn({ '2026-02-01': 4 }, { resource: 'c' }),
      ...cellsOn({ '2030-02-01': 40 }, { resource: 'after-today' }),
    ];
    const value = metric.derive(makeInput({ cells: { commits }, to: '2031-01-01', today: '2026-03-08' }));
    expect(value).toMatchObject({ value: 5, n: 3, detail: { repository: 'b' } });
    expect(value.evidence.map(({ resource, value: count }) => [resource, count])).toEqual([
      ['c', 4],
      ['b', 5],
      ['a', 5],
    ]);
  });

  it('has no value before the first commit', () => {
    expect(metric.derive(makeInput({ cells: { commits: [] }, to: '2026-03-08' }))).toMatchObject({
      value: null,
      reason: 'no activity yet',
    });
  });
});
