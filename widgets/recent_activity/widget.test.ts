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

const sha = (number: number): string => number.toString(16).padStart(40, '0');

describe('recent_activity', () => {
  it('lists the newest commits with their repository and a link to each', async () => {
    const answer = await bench.ask({ params: { limit: 3 } });
    expect(answer.result).toMatchObject({
      commits: { value: 11 },
      records: [
        {
          sha: sha(13),
          subject: 'change 13',
          at: '2026-03-10T15:30:00.000Z',
          day: '2026-03-11',
          repository: 'engine',
          url: `https://github.com/test/engine/commit/${sha(13)}`,
        },
        { sha: sha(12), repository: 'notes' },
        // Neither the colleague's nor the bot's.
        { sha: sha(9), repository: 'engine' },
      ],
    });
    expect(await bench.proveFigures(answer)).toEqual({ proved: 1, wrong: [] });
  });

  it('shows what the whole workspace did, without the bot', async () => {
    const { result } = await bench.ask({ subject: 'workspace', params: { limit: 3 } });
    expect(result).toMatchObject({ records: [{ sha: sha(13) }, { sha: sha(12) }, { sha: sha(10) }] });
  });

  it('says when each was on the person’s own clock, and leads to it', async () => {
    const { html, text, figures } = bench.draw(await bench.ask());
    expect(figures).toEqual(['Commits, 11']);
    expect(text).toContain('change 13 0000000 engine 00:30');
    expect(text).toContain('change 12 0000000 notes Tue 14:00');
    expect(text).toContain('change 4 0000000 engine 2 Mar');
    expect(html).toContain(`href="https://github.com/test/notes/commit/${sha(12)}"`);
  });

  it('says what was looked for where there is nothing, and has no result where nobody looked', async () => {
    const empty = await bench.askEmpty();
    expect(empty).toMatchObject({ state: 'empty', result: { records: [] } });
    expect(bench.draw(empty).text).toContain('No commit, 12 Mar 2025 – 11 Mar 2026.');
    expect(await bench.askUnknown()).toMatchObject({ state: 'unknown', result: null });
  });
});
