import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask, LoadedWidget } from '@devpulse/pipeline/serve/ask';
import { metrics } from '../../metrics/registry.gen.ts';
import { widgets as queries } from '../queries.gen.ts';
import { widgets as views } from '../views.gen.ts';
import { openTileBench, type TileBench } from './open-tile-bench.ts';

const folder = path.dirname(import.meta.dirname);

describe('the registries of widgets', () => {
  it('list every folder, on the server as in the browser', () => {
    const folders = globSync('*/widget.ts', { cwd: folder }).map((file) => path.dirname(file));
    expect(queries.map(({ widget }) => widget.id)).toEqual(folders.toSorted());
    expect(views.map(({ id }) => id)).toEqual(folders.toSorted());
  });

  it('bring no schema into the browser: from manifests and the contract only types are imported', () => {
    const files = globSync(['*/*.tsx', '_parts/*.ts'], { cwd: folder });
    expect(files.length).toBeGreaterThan(queries.length);
    const imports = files.flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split(/^(?=import )/m)
        .map((text) => [file, text] as const),
    );
    const values = imports.filter(([, text]) => /from '(@devpulse\/contract\/[^']*|\.\/widget\.ts|zod)'/.test(text));
    expect(values.length).toBeGreaterThan(queries.length);
    expect(values.filter(([, text]) => !text.startsWith('import type '))).toEqual([]);
  });
});

describe.each(queries)('the widget $widget.id', (loaded) => {
  const { widget } = loaded;
  const subject = widget.subjects.includes('person') ? 'me' : 'workspace';
  const asked = new Set<string>();
  let bench: TileBench;
  beforeAll(async () => {
    const { View } = await (views.find(({ id }) => id === widget.id) ?? { load: unlisted }).load();
    bench = await openTileBench(widget, spyOn(loaded, asked), View);
  });
  afterAll(() => bench.close());

  it('has a name, a sentence, and settings that all have a default', () => {
    expect(widget.id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(widget.summary).toMatch(/^[A-Z].*\.$/);
    expect(widget.params.safeParse({}).success).toBe(true);
    expect(widget.span.rows).toBeGreaterThan(0);
  });

  it('answers each of its subjects, and every number in it is the one its receipt proves', async () => {
    for (const kind of widget.subjects) {
      const answer = await bench.ask({ subject: kind === 'person' ? 'me' : 'workspace' });
      expect(answer.state).toBe('ok');
      const { proved, wrong } = await bench.proveFigures(answer);
      expect(wrong).toEqual([]);
      expect(proved).toBeGreaterThan(0);
      expect(bench.draw(answer).figures.length).toBeGreaterThan(0);
    }
  });

  it('names the metrics it asks, all of them and no others', () => {
    const known = metrics.filter((metric) => widget.metrics.includes(metric.id));
    expect(known.map(({ id }) => id)).toEqual([...widget.metrics].toSorted());
    expect([...asked].toSorted()).toEqual([...widget.metrics].toSorted());
  });

  it('can be drawn over a single day, of one repository, and where nothing counts', async () => {
    const quiet = await bench.ask({ subject, from: '2026-03-08', to: '2026-03-08' });
    const one = await bench.ask({ subject, resource: bench.resource });
    for (const answer of [quiet, one, await bench.askEmpty({ subject })]) {
      expect(answer.result).not.toBeNull();
      expect(bench.draw(answer).text).not.toMatch(/NaN|undefined|null|\[object/);
    }
    expect((await bench.proveFigures(quiet)).wrong).toEqual([]);
    expect((await bench.proveFigures(one)).wrong).toEqual([]);
  });

  it('shows no number before anything was counted', async () => {
    const answer = await bench.askUncounted({ subject });
    expect(answer).toMatchObject({ state: 'stale', result: expect.any(Object) as object });
    // Where nothing waits that could belong to it, as before the first commit, a zero is true.
    expect(JSON.stringify(answer.result)).not.toMatch(/"value":\d[^{}]*"state":"stale"/);
    expect(bench.draw(answer).text).not.toMatch(/NaN|undefined|null|\[object/);
  });

  it('has no result where nobody has looked', async () => {
    expect(await bench.askUnknown({ subject })).toMatchObject({ state: 'unknown', result: null });
  });
});

/** The query, and which metrics it asks. */
function spyOn({ query }: LoadedWidget, asked: Set<string>): LoadedWidget['query'] {
  return (ask, params) => {
    const listening: Ask = {
      ...ask,
      metric: (id, more) => {
        asked.add(id);
        return ask.metric(id, more);
      },
      records: (id, more) => {
        asked.add(id);
        return ask.records(id, more);
      },
    };
    return query(listening, params);
  };
}

function unlisted(): never {
  throw new Error('not in the registry of the browser');
}
