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

describe('repositories', () => {
  it('lists them by commits, with the day each was last worked on', async () => {
    const answer = await bench.ask();
    expect(answer.result).toMatchObject({
      active: { value: 2 },
      repositories: [
        { name: 'engine', commits: { value: 8 }, lastDay: '2026-03-11' },
        { name: 'notes', commits: { value: 3 }, lastDay: '2026-03-10' },
      ],
      more: 0,
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 3, wrong: [] });
  });

  it('lists no more than its settings say, and tells how many are left', async () => {
    const { result } = await bench.ask({ params: { limit: 1 } });
    expect(result).toMatchObject({ repositories: [{ name: 'engine' }], more: 1 });
  });

  it('opens the receipt of each bar', async () => {
    const { text, figures } = bench.draw(await bench.ask({ params: { limit: 1 } }));
    expect(figures).toEqual(['Active repositories, 2', 'engine, 8 commits']);
    expect(text).toContain('And 1 more.');
    expect(bench.draw(await bench.ask()).text).toContain('notes 10 Mar 3');
  });

  it('says what was looked for where there is nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty();
    expect(empty).toMatchObject({ state: 'empty', result: { active: { value: 0 }, repositories: [] } });
    expect(bench.draw(empty).text).toContain('No repository with a commit, 12 Mar 2025 – 11 Mar 2026.');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
