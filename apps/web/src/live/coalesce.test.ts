import type { LiveChange } from '@devpulse/contract/wire/live';
import { describe, expect, it } from 'vitest';
import { coalesce, touches } from './coalesce.ts';

/** A clock that is moved by hand. */
function makeClock() {
  let now = 0;
  let due: { at: number; run: () => void }[] = [];
  return {
    timers: {
      set: (run: () => void, afterMs: number) => {
        const timer = { at: now + afterMs, run };
        due.push(timer);
        return timer;
      },
      clear: (timer: unknown) => {
        due = due.filter((one) => one !== timer);
      },
    },
    now: () => now,
    advance: (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = due.filter((timer) => timer.at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        due = due.filter((timer) => timer !== next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}

function change(...metrics: string[]): LiveChange {
  return { metrics, sources: false, people: false };
}

describe('coalesce', () => {
  it('acts on the first change at once', () => {
    const clock = makeClock();
    const acted: LiveChange[] = [];
    coalesce((one) => acted.push(one), clock.timers)(change('commits'));
    expect(acted).toEqual([change('commits')]);
  });

  it('gathers what follows within 300 ms into one act that names all of it', () => {
    const clock = makeClock();
    const acted: { at: number; metrics: string[] }[] = [];
    const tell = coalesce(({ metrics }) => acted.push({ at: clock.now(), metrics }), clock.timers);
    tell(change('commits'));
    clock.advance(100);
    tell(change('streak'));
    clock.advance(100);
    tell(change('commits', 'languages'));
    clock.advance(1_000);
    expect(acted).toEqual([
      { at: 0, metrics: ['commits'] },
      { at: 300, metrics: ['streak', 'commits', 'languages'] },
    ]);
  });

  it('acts at most once in two seconds while a flood lasts, and leaves nothing of it out', () => {
    const clock = makeClock();
    const acted: number[] = [];
    const seen = new Set<string>();
    const tell = coalesce(({ metrics }) => {
      acted.push(clock.now());
      for (const metric of metrics) seen.add(metric);
    }, clock.timers);
    for (let index = 0; index < 1_000; index += 1) {
      tell(change(`metric_${index}`));
      clock.advance(20);
    }
    clock.advance(5_000);
    expect(seen.size).toBe(1_000);
    const pauses = acted.slice(1).map((at, index) => at - (acted[index] ?? 0));
    expect(pauses.slice(0, 4)).toEqual([300, 600, 1_200, 2_000]);
    expect(Math.min(...pauses.slice(3))).toBe(2_000);
  });

  it('acts at once again after it has been quiet', () => {
    const clock = makeClock();
    const acted: number[] = [];
    const tell = coalesce(() => acted.push(clock.now()), clock.timers);
    tell(change('commits'));
    clock.advance(10_000);
    tell(change('commits'));
    expect(acted).toEqual([0, 10_000]);
  });

  it('lets "everything" swallow the names, and forgets neither sources nor people', () => {
    const clock = makeClock();
    const acted: LiveChange[] = [];
    const tell = coalesce((one) => acted.push(one), clock.timers);
    tell(change('commits'));
    tell({ metrics: ['streak'], sources: true, people: false });
    tell({ metrics: ['*'], sources: false, people: true });
    clock.advance(300);
    expect(acted[1]).toEqual({ metrics: ['*'], sources: true, people: true });
  });
});

describe('touches', () => {
  it('knows a tile by the metrics it asks', () => {
    expect(touches(change('commits'), ['streak', 'commits'])).toBe(true);
    expect(touches(change('commits'), ['streak'])).toBe(false);
    expect(touches(change('*'), ['streak'])).toBe(true);
  });
});
