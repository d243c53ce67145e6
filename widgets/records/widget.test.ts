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

describe('records', () => {
  it('finds the best of all time, the earliest where several are as good', async () => {
    const answer = await bench.ask({ from: '2026-03-11', to: '2026-03-11' });
    expect(answer.result).toMatchObject({
      records: [
        { kind: 'day', figure: { value: 2 }, from: '2026-03-10' },
        { kind: 'week', figure: { value: 4 }, from: '2026-03-02', to: '2026-03-08' },
        { kind: 'month', figure: { value: 8 }, from: '2026-03-01', to: '2026-03-31' },
        { kind: 'streak', figure: { value: 4 }, from: '2026-03-02', to: '2026-03-05' },
        { kind: 'repository', figure: { value: 8 }, repository: 'engine' },
      ],
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 5, wrong: [] });
  });

  it('has no streak of a workspace', async () => {
    const { result } = await bench.ask({ subject: 'workspace' });
    expect(result).toMatchObject({ records: [{ kind: 'day', figure: { value: 3 } }, {}, {}, { kind: 'repository' }] });
  });

  it('says when each was, and opens it', async () => {
    const { text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual([
      'Best day, 2 commits',
      'Best week, 4 commits',
      'Best month, 8 commits',
      'Longest streak, 4 days',
      'Busiest repository, 8 commits',
    ]);
    expect(text).toContain('Best day 10 Mar 2 commits');
    expect(text).toContain('Best week 2 – 8 Mar 4 commits');
    expect(text).toContain('Best month Mar 2026 8 commits');
    expect(text).toContain('Longest streak 2 – 5 Mar 4 days');
    expect(text).toContain('Busiest repository engine 8 commits');
  });

  it('has none where nothing was done, and no result where nobody looked', async () => {
    const empty = await bench.askEmpty();
    expect(empty.state).toBe('empty');
    expect(bench.draw(empty)).toMatchObject({ figures: [], text: expect.stringContaining('No record yet') as string });
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
