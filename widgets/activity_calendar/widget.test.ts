import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTileBench, type TileBench } from '../testing/open-tile-bench.ts';
import { query } from './query.ts';
import { View } from './view.tsx';
import { widget } from './widget.ts';

let bench: TileBench;
beforeAll(async () => {
  bench = await openTileBench(widget, query, View);
});
afterAll(() => bench.close());

type Result = { from: string; to: string; days: (number | null)[] };

describe('activity_calendar', () => {
  it('shows 53 weeks up to today, whatever the range of the page', async () => {
    const answer = await bench.ask({ from: '2026-03-09', to: '2026-03-10' });
    const { from, to, days } = answer.result as Result;
    expect([from, to, days.length]).toEqual(['2025-03-10', '2026-03-11', 52 * 7 + 3]);
    // 1 December, then the first, second and third day of this week.
    expect(days[266]).toBe(1);
    expect(days.slice(-3)).toEqual([1, 2, 1]);
    expect(days.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(11);
    expect(answer.result).toMatchObject({
      commits: { value: 11 },
      activeDays: { value: 10 },
      streak: { value: 3 },
      longest: { value: 4 },
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 4, wrong: [] });
  });

  it('takes as many weeks as its settings say', async () => {
    const { result } = await bench.ask({ params: { weeks: 4 } });
    expect(result).toMatchObject({ from: '2026-02-16', weeks: 4, commits: { value: 10 }, activeDays: { value: 9 } });
  });

  it('has no streak of a workspace', async () => {
    const { result, state } = await bench.ask({ subject: 'workspace' });
    expect(state).toBe('ok');
    expect(result).toMatchObject({ commits: { value: 12 }, streak: null, longest: null });
  });

  it('names every day, and opens each number at its foot', async () => {
    const { html, text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual(['Commits, 11', 'Active days, 10', 'Current streak, 3 days', 'Longest streak, 4 days']);
    expect(html).toContain('aria-label="Tue 10 Mar 2026: 2 commits"'.replaceAll(' Mar', '\u00a0Mar'));
    expect(html).toContain('1 commit so far');
    expect(text).toContain('10 active days');
  });

  it('is empty where it looked and found nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty();
    expect(empty).toMatchObject({ state: 'empty', result: { commits: { value: 0 }, streak: { value: 0 } } });
    expect(bench.draw(empty).figures).toHaveLength(4);
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
