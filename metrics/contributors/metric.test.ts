import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('contributors', () => {
  it('counts each person of the window once, listed without a ranking', () => {
    const people = [
      ...cellsOn({ '2026-03-02': 1 }, { part: 'ada' }),
      ...cellsOn({ '2026-03-02': 7, '2026-03-03': 2 }, { part: 'grace' }),
      ...cellsOn({ '2026-02-01': 1 }, { part: 'linus' }),
    ];
    expect(metric.derive(makeInput({ cells: { people }, from: '2026-03-01', to: '2026-03-31' }))).toEqual({
      value: 2,
      n: 2,
      evidence: [
        { label: '1 commit', value: 1, person: 'ada' },
        { label: '9 commits', value: 9, person: 'grace' },
      ],
    });
  });
});
