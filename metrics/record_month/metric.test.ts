import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('record_month', () => {
  it('adds up calendar months, and takes the earlier of two', () => {
    const commits = cellsOn({ '2024-02-29': 2, '2024-02-01': 1, '2024-03-01': 2, '2025-02-03': 3 });
    expect(metric.derive(makeInput({ cells: { commits }, to: '2026-03-31' }))).toMatchObject({
      value: 3,
      n: 2,
      detail: { month: '2024-02', from: '2024-02-01', to: '2024-02-29' },
    });
  });

  it('knows how long every month is', () => {
    const lastDayOf = (day: string) =>
      metric.derive(makeInput({ cells: { commits: cellsOn({ [day]: 1 }) }, to: '2026-12-31' })).detail?.['to'];
    expect(['2025-01-31', '2025-02-01', '2025-04-30', '2025-12-01'].map(lastDayOf)).toEqual([
      '2025-01-31',
      '2025-02-28',
      '2025-04-30',
      '2025-12-31',
    ]);
  });
});
