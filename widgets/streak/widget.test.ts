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

describe('streak', () => {
  it('tells the current and the longest streak, how steady the weeks were, and the milestones', async () => {
    const answer = await bench.ask();
    expect(answer.result).toMatchObject({
      current: { figure: { value: 3 }, from: '2026-03-09', to: '2026-03-11' },
      longest: { figure: { value: 4 }, from: '2026-03-02', to: '2026-03-05', isCurrent: false },
      atRisk: false,
      // 3 of 12 weeks are 10 points, 3 of 4 days 22.5, a gap of 83 days leaves 8.1, work today gives 10.
      consistency: { figure: { value: 51 }, grade: 'C' },
      milestones: { figure: { value: 0 }, last: null, next: 7 },
      pauses: { restWeekdays: [], freezes: [], holidays: [] },
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 4, wrong: [] });
  });

  it('says since when, and opens each number', async () => {
    const { text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual([
      'Current streak, 3 days',
      'Longest streak, 4 days',
      'Consistency, 51 points',
      'Milestones reached, 0',
    ]);
    expect(text).toContain('3 days since 9 Mar');
    expect(text).toContain('Longest · 2 – 5 Mar');
    expect(text).toContain('Consistency · grade C 51 of 100');
    expect(text).toContain('Milestones reached · the next at 7 days');
  });

  it('says that today decides, what the last milestone was, and what pauses it', async () => {
    const answer = await bench.ask();
    const result = answer.result as Record<string, object>;
    const { text } = bench.draw({
      ...answer,
      result: {
        ...result,
        atRisk: true,
        milestones: { ...result['milestones'], last: 7, lastDay: '2025-12-24' },
        pauses: {
          restWeekdays: [6, 7],
          freezes: ['2026-01-02', '2026-01-03', '2026-01-05', '2026-02-06'],
          holidays: ['2025-12-25'],
        },
      },
    });
    expect(text).toContain('Nothing yet today. Your streak of 3 is safe until midnight in Tokyo.');
    expect(text).toContain('last 7 days, 24 Dec 2025');
    expect(text).toContain(
      'Paused, not broken, by rest on Sat and Sun, holidays, freezes (3 Jan, 5 Jan, 6 Feb and 1 before).',
    );
  });

  it('has none to tell of where nothing was done, and says why there is no score', async () => {
    const empty = await bench.askEmpty();
    expect(empty).toMatchObject({ state: 'empty', result: { consistency: { figure: { value: null } } } });
    const { text, figures } = bench.draw(empty);
    expect(text).toContain('0 days No commit so far.');
    expect(figures).toContain('Consistency, unknown: not enough data: no activity yet');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });

  it('is nobody’s but a person’s', async () => {
    await expect(bench.ask({ subject: 'workspace' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
