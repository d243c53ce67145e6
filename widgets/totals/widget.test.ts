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

/** Monday to Wednesday, today. */
const thisWeek = { from: '2026-03-09', to: '2026-03-11' };

describe('totals', () => {
  it('holds the week so far against the same days of the week before', async () => {
    const answer = await bench.ask(thisWeek);
    const { before, totals } = answer.result as { before: object; totals: { now: object; before: object }[] };
    expect(before).toEqual({ from: '2026-03-02', to: '2026-03-04' });
    expect(totals).toMatchObject([
      { now: { metric: 'commits', value: 4 }, before: { value: 3 } },
      { now: { metric: 'active_days', value: 3 }, before: { value: 3 } },
      { now: { metric: 'lines_added', value: 21 }, before: { value: 50 } },
      { now: { metric: 'lines_removed', value: 11 }, before: { value: 9 } },
      { now: { metric: 'active_repositories', value: 2 }, before: { value: 2 } },
    ]);
    expect(await bench.proveFigures(answer)).toEqual({ proved: 10, wrong: [] });
  });

  it('counts for the workspace what everybody did, and not the bot', async () => {
    const { result } = await bench.ask({ ...thisWeek, subject: 'workspace' });
    expect(result).toMatchObject({ totals: [{ now: { value: 5 } }, {}, { now: { value: 71 } }, {}, {}] });
  });

  it('says each number, how it moved, and against which days', async () => {
    const { text, figures } = bench.draw(await bench.ask(thisWeek));
    expect(figures).toEqual([
      'Commits, 4',
      'Active days, 3',
      'Lines added, 21',
      'Lines removed, 11',
      'Active repositories, 2',
    ]);
    expect(text).toContain('Commits 4 1 more than 2 – 4 Mar');
    expect(text).toContain('Active days 3 the same as 2 – 4 Mar');
    expect(text).toContain('Lines added 21 29 fewer');
    expect(text).toContain('Compared with 2 – 4 Mar. Today is not over.');
  });

  it('is 0 where it looked and found nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty(thisWeek);
    const nothing = { now: { value: 0 }, before: { value: 0 } };
    expect(empty).toMatchObject({
      state: 'empty',
      result: { totals: [nothing, nothing, nothing, nothing, nothing] },
    });
    const { text } = bench.draw(empty);
    expect(text).toContain('No comparison: nothing was found in 2 – 4 Mar.');
    expect(text).not.toContain('the same');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
