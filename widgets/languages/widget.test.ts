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

describe('languages', () => {
  it('adds up lines added and removed, the language with the most first', async () => {
    const answer = await bench.ask();
    expect(answer.result).toMatchObject({
      lines: { value: 209 },
      languages: [
        { language: 'TypeScript', lines: { value: 154 } },
        { language: 'Python', lines: { value: 40 } },
        { language: 'Markdown', lines: { value: 15 } },
      ],
      more: 0,
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 4, wrong: [] });
  });

  it('lists no more than its settings say, and tells how many are left', async () => {
    const { result } = await bench.ask({ params: { limit: 2 } });
    expect(result).toMatchObject({ languages: [{}, {}], more: 1 });
  });

  it('says each share, and opens the receipt of each language', async () => {
    const { text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual([
      'Languages by lines, 209',
      'TypeScript, 154 lines',
      'Python, 40 lines',
      'Markdown, 15 lines',
    ]);
    expect(text).toContain('TypeScript 73.7 % 154');
  });

  it('says what was looked for where there is nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty();
    expect(empty).toMatchObject({ state: 'empty', result: { lines: { value: 0 }, languages: [] } });
    expect(bench.draw(empty).text).toContain('No line was written or removed, 12 Mar 2025');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
