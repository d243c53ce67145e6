import { describe, expect, it } from 'vitest';
import { windowOf } from './window-of.ts';

// A Wednesday.
const today = '2026-11-18';

describe('windowOf', () => {
  it('begins a week on the day the person’s weeks begin', () => {
    expect(windowOf({ range: 'week' }, today, 1)).toEqual({ from: '2026-11-16', to: today });
    expect(windowOf({ range: 'week' }, today, 7)).toEqual({ from: '2026-11-15', to: today });
    expect(windowOf({ range: 'week' }, today, 6)).toEqual({ from: '2026-11-14', to: today });
  });

  it('is one day long on the first day of a week', () => {
    expect(windowOf({ range: 'week' }, '2026-11-16', 1)).toEqual({ from: '2026-11-16', to: '2026-11-16' });
  });

  it('takes whole weeks before the running one', () => {
    expect(windowOf({ range: '4w' }, today, 1).from).toBe('2026-10-26');
    expect(windowOf({ range: '12w' }, today, 1).from).toBe('2026-08-31');
  });

  it('takes the twelve months up to today when nothing is chosen', () => {
    expect(windowOf({}, today, 1)).toEqual({ from: '2025-11-19', to: today });
    expect(windowOf({ range: 'year' }, '2028-02-29', 1)).toEqual({ from: '2027-03-01', to: '2028-02-29' });
    expect(windowOf({ range: 'year' }, '2029-02-28', 1)).toEqual({ from: '2028-02-29', to: '2029-02-28' });
  });

  it('takes two days of one’s own in either order', () => {
    const own = { from: '2026-01-01', to: '2026-03-31' };
    expect(windowOf(own, today, 1)).toEqual(own);
    expect(windowOf({ from: own.to, to: own.from }, today, 1)).toEqual(own);
  });

  it('asks for no day that is not yet', () => {
    expect(windowOf({ from: '2026-11-01', to: '2026-12-31' }, today, 1)).toEqual({ from: '2026-11-01', to: today });
    expect(windowOf({ from: '2027-01-01', to: '2027-02-01' }, today, 1)).toEqual({ from: today, to: today });
  });
});
