import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

const people = [
  ...cellsOn({ '2026-03-20': 1, '2026-03-02': 1 }, { part: 'ada' }),
  ...cellsOn({ '2026-03-05': 1, '2019-01-01': 1 }, { part: 'grace' }),
  ...cellsOn({ '2026-03-01': 1 }, { part: 'linus' }),
  ...cellsOn({ '2026-03-30': 1 }, { part: 'tomorrow' }),
];

describe('new_contributors', () => {
  it('counts people whose first commit of all time lies in the window, its first day included', () => {
    const input = makeInput({ cells: { people }, from: '2026-03-01', to: '2026-03-31', today: '2026-03-29' });
    expect(metric.derive(input)).toEqual({
      value: 2,
      n: 2,
      evidence: [
        { label: 'First commit on 2026-03-02', value: 1, day: '2026-03-02', person: 'ada' },
        { label: 'First commit on 2026-03-01', value: 1, day: '2026-03-01', person: 'linus' },
      ],
    });
  });

  it('counts nobody twice: windows that touch share no newcomer', () => {
    const of = (from: string, to: string) => metric.derive(makeInput({ cells: { people }, from, to })).value ?? 0;
    expect(of('2019-01-01', '2026-03-01') + of('2026-03-02', '2026-03-31')).toBe(4);
  });
});
