import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('active_days', () => {
  it('counts days of the window, not commits, and lists them newest first', () => {
    const commits = cellsOn({ '2026-02-28': 4, '2026-03-01': 3, '2026-03-04': 1, '2026-03-09': 1 });
    const value = metric.derive(makeInput({ cells: { commits }, from: '2026-03-01', to: '2026-03-08' }));
    expect(value).toEqual({
      value: 2,
      n: 2,
      evidence: [
        { label: '1 commit', value: 1, day: '2026-03-04' },
        { label: '3 commits', value: 3, day: '2026-03-01' },
      ],
    });
  });

  it('does not count freezes and rest days without work', () => {
    const input = makeInput({
      cells: { commits: cellsOn({ '2026-03-02': 1 }) },
      to: '2026-03-08',
      pauses: { freezes: ['2026-03-03'], restWeekdays: [6, 7], holidays: ['2026-03-04'] },
    });
    expect(metric.derive(input).value).toBe(1);
  });

  it('ignores what is dated after today, in a window that reaches beyond it', () => {
    const commits = cellsOn({ '2026-03-02': 1, '2026-03-20': 1 });
    expect(metric.derive(makeInput({ cells: { commits }, to: '2026-03-31', today: '2026-03-10' })).value).toBe(1);
  });
});
