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

type Result = { by: string; steps: { from: string; value: number; complete: boolean }[] };

describe('activity_by_day', () => {
  it('has a bar a day up to five weeks, and knows that today is not over', async () => {
    const answer = await bench.ask({ from: '2026-03-01', to: '2026-03-11' });
    const { by, steps } = answer.result as Result;
    expect(by).toBe('day');
    expect(steps.map(({ value }) => value)).toEqual([0, 1, 1, 1, 1, 0, 0, 0, 1, 2, 1]);
    expect(steps.filter(({ complete }) => !complete).map(({ from }) => from)).toEqual(['2026-03-11']);
    expect(answer.result).toMatchObject({
      commits: { value: 8 },
      // Seven commits on the ten days that are over; the best month counts today’s as well.
      average: { value: 4.9 },
      bestWeekday: 2,
      bestMonth: { month: '2026-03', commits: { value: 8, from: '2026-03-01', to: '2026-03-11' } },
      longestGap: { from: '2026-03-06', to: '2026-03-08' },
      trend: 'up',
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 3, wrong: [] });
  });

  it('has a bar a week beyond', async () => {
    const at = async (from: string): Promise<Result> => (await bench.ask({ from })).result as Result;
    expect((await at('2026-02-05')).by).toBe('day');
    const { by, steps } = await at('2026-02-04');
    expect(by).toBe('week');
    expect(steps.map(({ from, value }) => [from, value])).toEqual([
      ['2026-02-04', 0],
      ['2026-02-09', 0],
      ['2026-02-16', 0],
      ['2026-02-23', 2],
      ['2026-03-02', 4],
      ['2026-03-09', 4],
    ]);
  });

  it('says what stands out, and opens each number', async () => {
    const { text, figures } = bench.draw(await bench.ask({ from: '2026-03-01', to: '2026-03-11' }));
    expect(figures).toEqual(['Commits, 8', 'Commits per week, on average, 4.9', 'Commits in Mar 2026, 8']);
    expect(text).toContain('Best month Mar 2026 with 8 commits .');
    expect(text).toContain('Most on Tue, on average; longest gap 6 – 8 Mar. This month runs above the last.');
    // The table behind the bars says in words what hatching shows.
    expect(text).toContain('Wed 11 Mar 2026 1 not over');
  });

  it('says why there is no average of three days', async () => {
    const { text } = bench.draw(await bench.ask({ from: '2026-03-09', to: '2026-03-11' }));
    expect(text).toContain('not enough data: fewer than seven days that are over');
    expect(text).not.toContain('Best month');
  });

  it('is empty where it looked and found nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty({ from: '2026-03-01', to: '2026-03-11' });
    expect(empty).toMatchObject({ state: 'empty', result: { commits: { value: 0 }, bestMonth: null } });
    expect(bench.draw(empty).text).toContain('0 commits no activity yet');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
