import { describe, expect, it } from 'vitest';
import { type LookEnd, type LookTimes, planNextLook } from './plan-next-look.ts';

const now = new Date('2026-03-01T12:00:00Z');
const times: LookTimes = { connectionId: 'c', lookSeconds: 60, wishedSeconds: null, failures: 0, siblings: 1 };
const quiet: LookEnd = { kind: 'read', changed: false, left: 'nothing', until: null };
const busy: LookEnd = { ...quiet, changed: true };

function intervals(end: LookEnd, from: LookTimes, looks: number): number[] {
  let known = from;
  return Array.from({ length: looks }, () => {
    const next = planNextLook(known, end, now, 0);
    known = { ...known, lookSeconds: next.lookSeconds, failures: next.failures };
    return next.delaySeconds;
  });
}

describe('the next look', () => {
  it('comes later and later while nothing happens, up to an hour', () => {
    expect(intervals(quiet, times, 8)).toEqual([120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('comes after a minute as soon as something happened', () => {
    expect(planNextLook({ ...times, lookSeconds: 3600 }, busy, now, 0)).toMatchObject({
      delaySeconds: 60,
      lookSeconds: 60,
    });
  });

  it('leaves room for the others of its connection', () => {
    expect(planNextLook({ ...times, siblings: 500 }, busy, now, 0).delaySeconds).toBe(1080);
  });

  it('comes when somebody wished it to, whatever happens', () => {
    const wished = { ...times, wishedSeconds: 900 };
    expect(intervals(quiet, wished, 3)).toEqual([900, 900, 900]);
    expect(planNextLook(wished, busy, now, 0).delaySeconds).toBe(900);
  });

  it('comes at once while some of the past is left, unless that has to wait', () => {
    expect(planNextLook(times, { ...busy, left: 'facts' }, now, 1).delaySeconds).toBe(0);
    const until = new Date(now.getTime() + 30_000);
    expect(planNextLook(times, { ...busy, left: 'facts', until }, now, 0).delaySeconds).toBe(30);
    const late = new Date(now.getTime() + 3_000_000);
    expect(planNextLook(times, { ...busy, left: 'facts', until: late }, now, 0).delaySeconds).toBe(60);
  });

  it('comes when the source said, and a wait is no failure', () => {
    const until = new Date(now.getTime() + 600_000);
    const next = planNextLook({ ...times, failures: 2 }, { kind: 'waiting', until }, now, 0);
    expect(next).toEqual({ delaySeconds: 600, lookSeconds: 60, failures: 2 });
  });

  it('backs off from what fails, up to a day', () => {
    const delays = intervals({ kind: 'failed' }, times, 14);
    expect(delays.slice(0, 4)).toEqual([60, 120, 240, 480]);
    expect(delays.at(-1)).toBe(86_400);
    expect(planNextLook({ ...times, failures: 9 }, quiet, now, 0).failures).toBe(0);
  });

  it('is spread by up to a tenth', () => {
    expect(planNextLook({ ...times, lookSeconds: 3600 }, quiet, now, 1).delaySeconds).toBeCloseTo(3960);
  });

  it('of what has no connection stays at five minutes', () => {
    const own = { ...times, connectionId: null, lookSeconds: 300 };
    expect(intervals(quiet, own, 3)).toEqual([300, 300, 300]);
    expect(intervals({ kind: 'failed' }, own, 3)).toEqual([300, 300, 300]);
  });
});
