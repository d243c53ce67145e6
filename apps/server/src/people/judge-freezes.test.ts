import { describe, expect, it } from 'vitest';
import { judgeFreezes, stateOfFreeze } from './judge-freezes.ts';

const used = (day: string) => ({ day, state: 'used' as const });
const returned = (day: string) => ({ day, state: 'returned' as const });

describe('stateOfFreeze', () => {
  it('is pending until the day is over, then used, and returned as soon as there was work', () => {
    expect(stateOfFreeze('2026-03-10', '2026-03-10', false)).toBe('pending');
    expect(stateOfFreeze('2026-03-10', '2026-03-11', false)).toBe('used');
    expect(stateOfFreeze('2026-03-10', '2026-03-10', true)).toBe('returned');
    expect(stateOfFreeze('2026-03-10', '2026-03-11', true)).toBe('returned');
  });
});

describe('judgeFreezes', () => {
  it('leaves two when there were none', () => {
    expect(judgeFreezes([], '2026-03-20')).toEqual({ left: 2, nextPossibleOn: '2026-03-20' });
  });

  it('counts 30 days with today as the last: the day of the 30th before leaves room again', () => {
    const freezes = [used('2026-03-01'), used('2026-03-10')];
    expect(judgeFreezes(freezes, '2026-03-30')).toEqual({ left: 0, nextPossibleOn: '2026-03-31' });
    expect(judgeFreezes(freezes, '2026-03-31')).toEqual({ left: 1, nextPossibleOn: '2026-03-31' });
  });

  it('does not count what was returned', () => {
    expect(judgeFreezes([returned('2026-03-01'), used('2026-03-10')], '2026-03-20').left).toBe(1);
  });

  it('allows one a day', () => {
    expect(judgeFreezes([{ day: '2026-03-20', state: 'pending' }], '2026-03-20')).toEqual({
      left: 0,
      nextPossibleOn: '2026-03-21',
    });
    expect(judgeFreezes([returned('2026-03-20')], '2026-03-20')).toEqual({ left: 0, nextPossibleOn: '2026-03-21' });
    expect(judgeFreezes([used('2026-03-19'), { day: '2026-03-20', state: 'pending' }], '2026-03-20')).toEqual({
      left: 0,
      nextPossibleOn: '2026-04-18',
    });
  });

  it('waits until only one is left in the window when a history that changed made returned ones needed again', () => {
    const freezes = [used('2026-03-01'), used('2026-03-05'), used('2026-03-10')];
    expect(judgeFreezes(freezes, '2026-03-20')).toEqual({ left: 0, nextPossibleOn: '2026-04-04' });
    expect(judgeFreezes(freezes, '2026-04-03').left).toBe(0);
    expect(judgeFreezes(freezes, '2026-04-04').left).toBe(1);
  });
});
