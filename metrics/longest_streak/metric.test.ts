import { describe, expect, it } from 'vitest';
import { cellsOnDays, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

function derive(days: readonly string[], more: Partial<Parameters<typeof makeInput>[0]> & { to: string }) {
  return metric.derive(makeInput({ cells: { commits: cellsOnDays(days) }, ...more }));
}

describe('longest_streak', () => {
  it('looks at all history up to the last day, and says when it was', () => {
    const days = ['2020-02-27', '2020-02-28', '2020-02-29', '2020-03-01', '2026-03-05', '2026-03-06'];
    expect(derive(days, { from: '2026-01-01', to: '2026-03-06' })).toMatchObject({
      value: 4,
      n: 4,
      detail: { from: '2020-02-27', to: '2020-03-01', isCurrent: false, atRisk: false, lastActiveDay: '2026-03-06' },
    });
  });

  it('takes the earlier of two of the same length', () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-05', '2026-03-06'];
    expect(derive(days, { to: '2026-03-06' })).toMatchObject({
      value: 2,
      detail: { from: '2026-03-01', isCurrent: false },
    });
  });

  it('says when it is still going on, and when an empty today puts it at risk', () => {
    const days = ['2026-03-05', '2026-03-06'];
    expect(derive(days, { to: '2026-03-07' })).toMatchObject({ value: 2, detail: { isCurrent: true, atRisk: true } });
    expect(derive(days, { to: '2026-03-08' })).toMatchObject({ value: 2, detail: { isCurrent: false, atRisk: false } });
  });

  it('does not know what came after the last day', () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'];
    expect(derive(days, { to: '2026-03-02', today: '2026-03-10' }).value).toBe(2);
  });

  it('counts active days only, not the pauses between them', () => {
    const days = ['2026-03-05', '2026-03-06', '2026-03-09'];
    expect(derive(days, { to: '2026-03-09', pauses: { restWeekdays: [6, 7] } }).value).toBe(3);
  });

  it('is 0 before the first commit', () => {
    expect(derive([], { to: '2026-03-09' })).toMatchObject({
      value: 0,
      detail: { from: null, to: null },
      evidence: [],
    });
  });
});
