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

describe('activity_by_hour', () => {
  it('puts each commit into the weekday and hour of the person’s own clock', async () => {
    const answer = await bench.ask();
    expect(answer.result).toMatchObject({
      commits: { value: 11 },
      hours: {
        '1-09': 2,
        '1-10': 1,
        '1-14': 1,
        '2-09': 2,
        '2-14': 2,
        // Half past midnight of Wednesday in Tokyo is Tuesday afternoon in UTC.
        '3-00': 1,
        '3-23': 1,
        '4-09': 1,
      },
      // Of three hours with two commits the first of the week.
      peak: { weekday: 1, hour: 9, commits: { value: 2, part: '1-09' } },
      blocks: [{ value: 6 }, { value: 3 }, { value: 0 }, { value: 2 }],
      busiestBlock: 'morning',
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 2, wrong: [] });
  });

  it('leads with the busiest hour, and opens its receipt', async () => {
    const { html, text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual(['Busiest hour, Mon 9:00', 'Commits by weekday and hour, 11']);
    expect(text).toContain('Mon 9:00 busiest hour, 2 commits of 11');
    expect(text).toContain('The busiest time of day is the morning, from 6:00 to 12:00.');
    expect(html).toContain('aria-label="Wed 0:00: 1 commit"');
  });

  it('says what was looked for where there is nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty({ from: '2026-03-01', to: '2026-03-11' });
    expect(empty).toMatchObject({ state: 'empty', result: { peak: null } });
    expect(bench.draw(empty).text).toContain('No commit, 1 – 11 Mar.');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });

  it('is of a person alone', async () => {
    await expect(bench.ask({ subject: 'workspace' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
