import { describe, expect, it } from 'vitest';
import { openLive } from './open-live.ts';

/** A line that is opened and broken by hand, beside a clock that stands still: what is due runs when it is asked to. */
function openByHand(random = 0.5) {
  const lines: EventTarget[] = [];
  const pauses: number[] = [];
  const heard: string[] = [];
  let due: (() => void) | null = null;
  let online: (() => void) | null = null;
  const channel = openLive(
    {
      onChange: ({ metrics }) => heard.push(metrics.join(' ')),
      onOpen: () => heard.push('open'),
      onEnded: () => heard.push('ended'),
    },
    {
      open: () => {
        const line = Object.assign(new EventTarget(), { close: () => lines.splice(lines.indexOf(line), 1) });
        lines.push(line);
        return line as unknown as EventSource;
      },
      timers: {
        set: (run, afterMs) => {
          pauses.push(afterMs);
          due = run;
          return run;
        },
        clear: (timer) => {
          if (timer === due) due = null;
        },
      },
      random: () => random,
      onOnline: (listener) => {
        online = listener;
        return () => (online = null);
      },
    },
  );
  const tell = (type: string, data?: unknown): void =>
    void lines.at(-1)?.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }));
  return {
    channel,
    lines,
    pauses,
    heard,
    tell,
    breakLine: () => tell('error'),
    wait: () => {
      const run = due;
      due = null;
      run?.();
    },
    comeOnline: () => online?.(),
  };
}

describe('openLive', () => {
  it('tells what changed, and passes over what it does not understand', () => {
    const live = openByHand();
    live.tell('open');
    live.tell('changed', { metrics: ['commits'], sources: false, people: false });
    live.tell('changed', 'nonsense');
    expect(live.heard).toEqual(['open', 'commits']);
  });

  it('comes back ever more slowly while nobody answers, up to half a minute, and at once again afterwards', () => {
    const live = openByHand();
    for (let attempt = 0; attempt < 9; attempt += 1) {
      live.breakLine();
      live.wait();
    }
    expect(live.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    live.tell('open');
    live.breakLine();
    expect(live.pauses.at(-1)).toBe(500);
  });

  it.each([
    [0, 250, 10_000],
    [1, 750, 30_000],
  ])('spreads those who come back (%d)', (random, first, last) => {
    const live = openByHand(random);
    for (let attempt = 0; attempt < 9; attempt += 1) {
      live.breakLine();
      live.wait();
    }
    expect([live.pauses[0], live.pauses.at(-1)]).toEqual([first, last]);
  });

  it('keeps one line at a time', () => {
    const live = openByHand();
    live.breakLine();
    expect(live.lines).toHaveLength(0);
    live.wait();
    expect(live.lines).toHaveLength(1);
  });

  it('does not wait any longer once the device has a network again', () => {
    const live = openByHand();
    live.breakLine();
    live.comeOnline();
    expect(live.lines).toHaveLength(1);
    live.wait();
    live.comeOnline();
    expect(live.lines).toHaveLength(1);
  });

  it('stays away once the session ended, or it was closed', () => {
    const ended = openByHand();
    ended.tell('closing', { reason: 'signed_out' });
    expect(ended.heard).toEqual(['ended']);
    const closed = openByHand();
    closed.breakLine();
    closed.channel.close();
    for (const live of [ended, closed]) {
      live.wait();
      live.comeOnline();
      expect(live.lines).toHaveLength(0);
    }
  });
});
