import { describe, expect, it } from 'vitest';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { describeInterval, describeNextLook, describePlan, describeRate } from './describe-monitor.ts';

const now = new Date('2026-11-26T12:00:00Z');
const monitor: SourceView['monitor'] = {
  everySeconds: 300,
  wishedSeconds: null,
  nextLookAt: '2026-11-26T12:04:00Z',
  waitingUntil: null,
  failures: 0,
  lastEventAt: null,
  lastReconciledAt: null,
};

describe('how a source is looked at', () => {
  it('names the interval in the largest whole unit', () => {
    expect([60, 300, 3_600, 21_600, 86_400].map(describeInterval)).toEqual([
      'every minute',
      'every 5 minutes',
      'every hour',
      'every 6 hours',
      'once a day',
    ]);
  });

  it('tells the next look and why it is then', () => {
    const next = (state: SourceView['state'], more: Partial<SourceView['monitor']> = {}): string =>
      describeNextLook({ state, monitor: { ...monitor, ...more } }, 'UTC', now);
    expect(next('ok')).toBe('12:04');
    expect(next('ok', { nextLookAt: '2026-11-26T11:59:00Z' })).toBe('within a minute');
    expect(next('paused')).toBe('not before it is resumed');
    expect(next('ok', { waitingUntil: '2026-11-26T12:30:00Z' })).toBe('12:30, as GitHub asked');
    expect(next('ok', { waitingUntil: '2026-11-26T11:30:00Z' })).toBe('12:04');
    expect(next('failed', { failures: 3 })).toBe('12:04; each failure makes the wait longer, 3 in a row');
  });

  it('says how fast a reading goes only once that is steady', () => {
    const progress = { what: 'pulls', done: 600, total: 1_200, since: '2026-11-26T11:58:00Z' };
    expect(describeRate(progress, now)).toEqual({ rate: '300 a minute', rest: 'about 2\u00a0min to go' });
    expect(describeRate({ ...progress, since: '2026-11-26T11:59:55Z' }, now)).toBeNull();
    expect(describeRate({ ...progress, done: 3 }, now)).toBeNull();
    expect(describeRate({ ...progress, total: null }, now)?.rest).toBeNull();
  });

  it('tells what an App would gain, and says nothing of it to one', () => {
    const plan = { cost: 9_000, limit: 5_000, hours: 2.5, app: { limit: 5_000, hours: 1 } };
    expect(describePlan(plan)).toContain('at least 2\u00a0h\u00a030\u00a0min at 5,000 an hour. A GitHub App');
    expect(describePlan({ ...plan, app: null })).not.toContain('App');
  });
});
