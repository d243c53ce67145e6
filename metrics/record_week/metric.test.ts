import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

// Sunday, then Monday to Saturday of the next ISO week.
const commits = cellsOn({ '2026-03-01': 2, '2026-03-02': 2, '2026-03-07': 1, '2026-03-08': 2 });

describe('record_week', () => {
  it('adds up weeks that begin on the workspace’s first day', () => {
    expect(metric.derive(makeInput({ cells: { commits }, to: '2026-03-31' }))).toMatchObject({
      value: 5,
      n: 3,
      detail: { week: '2026-03-02', from: '2026-03-02', to: '2026-03-08' },
    });
    expect(metric.derive(makeInput({ cells: { commits }, to: '2026-03-31', weekStart: 7 }))).toMatchObject({
      value: 5,
      detail: { week: '2026-03-01', to: '2026-03-07' },
    });
  });

  it('takes the earlier of two', () => {
    const two = cellsOn({ '2026-03-09': 3, '2026-03-02': 3 });
    expect(metric.derive(makeInput({ cells: { commits: two }, to: '2026-03-31' })).detail).toMatchObject({
      week: '2026-03-02',
    });
  });
});
