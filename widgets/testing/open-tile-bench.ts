import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Widget } from '@devpulse/contract/widget';
import {
  type TileFigure,
  tileFigureSchema,
  type WidgetAnswer,
  type WidgetQuery,
} from '@devpulse/contract/wire/widgets';
import { repositoryId } from '@devpulse/pipeline/derive/shape-identities';
import { askWidget, type LoadedWidget } from '@devpulse/pipeline/serve/ask';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import { decide } from '@devpulse/pipeline/testing/history';
import { createPipeline, type Pipeline } from '@devpulse/pipeline/testing/pipeline-bench';
import { type Receipts, ReceiptsContext, type ReceiptQuestion } from '@devpulse/ui/receipts-context';
import type { ViewModule } from '@devpulse/ui/view-props';
import { metrics as registry } from '../../metrics/registry.gen.ts';
import { makeQuestion } from '../_parts/make-question.ts';
import { adaKey, smallHistory, smallNow, smallZone } from './small-history.ts';

/** A tile asked and drawn over the small history, through the whole pipeline. */
export interface TileBench {
  /** The repository `engine` of the history. */
  resource: string;
  /** Asks for Ada, whose history it is, unless another subject is named. Settings as an object. */
  ask(more?: Omit<Partial<WidgetQuery>, 'params'> & { params?: Record<string, unknown> }): Promise<WidgetAnswer>;
  /** Asks a workspace that was read, and in which nothing counts. */
  askEmpty(more?: Partial<WidgetQuery>): Promise<WidgetAnswer>;
  /** Asks a workspace whose history was read, and of which no day is counted yet. */
  askUncounted(more?: Partial<WidgetQuery>): Promise<WidgetAnswer>;
  /** Asks a workspace in which nobody has looked at anything. */
  askUnknown(more?: Partial<WidgetQuery>): Promise<WidgetAnswer>;
  /** Opens the receipt of every number in an answer of `ask`, and says which of them prove another number. */
  proveFigures(answer: WidgetAnswer): Promise<{ proved: number; wrong: string[] }>;
  /** Draws the answer as the page would. */
  draw(answer: WidgetAnswer): Drawn;
  close(): Promise<void>;
}

/** What a tile looks like to a program. */
export interface Drawn {
  html: string;
  /** Everything that can be read in it, with single spaces. */
  text: string;
  /** The names of its figures, each a button that opens its receipt, in order: `Commits, 4`. */
  figures: string[];
}

/** Loads the small history and hands the widget to it. */
export async function openTileBench(
  widget: Widget,
  query: LoadedWidget['query'],
  View: ViewModule['View'],
): Promise<TileBench> {
  const metrics = new Map<string, LoadedMetric>(registry.map((metric) => [metric.id, metric]));
  const told = await createPipeline({ metrics, zone: smallZone });
  await tell(told, smallHistory);
  const ask = (pipeline: Pipeline, more: Partial<WidgetQuery>): Promise<WidgetAnswer> =>
    askWidget({
      store: pipeline.store,
      metrics,
      viewer: { workspaceId: pipeline.workspaceId, personId: pipeline.ownerId },
      loaded: { widget, query },
      query: { subject: 'me', ...more },
      now: smallNow,
    });
  return {
    resource: repositoryId({ workspaceId: told.workspaceId, source: 'plain' }, 'engine'),
    ask: ({ params, ...more } = {}) =>
      ask(told, { ...more, ...(params === undefined ? {} : { params: JSON.stringify(params) }) }),
    askEmpty: async (more = {}) => {
      const pipeline = await told.inNewWorkspace({ zone: smallZone });
      // Without a branch that reaches them no commit counts, and still everybody is known.
      const unreached = smallHistory.filter(({ fact }) => fact !== 'reach');
      await tell(pipeline, unreached);
      return ask(pipeline, more);
    },
    askUncounted: async (more = {}) => {
      const pipeline = await told.inNewWorkspace({ zone: smallZone });
      await tell(pipeline, smallHistory, { isCounted: false });
      return ask(pipeline, more);
    },
    askUnknown: async (more = {}) => ask(await told.inNewWorkspace({ zone: smallZone }), more),
    proveFigures: async (answer) => {
      const figures = listFigures(answer.result);
      const wrong = [];
      for (const figure of figures) {
        const { metric, ...asked } = makeQuestion(figure, answer);
        const receipt = await readReceipt({
          store: told.store,
          metrics,
          viewer: { workspaceId: told.workspaceId, personId: told.ownerId },
          metricId: metric,
          query: { by: 'total', ...asked, subject: asked.subject ?? 'me' },
          now: smallNow,
          limit: 1,
          baseUrl: 'http://localhost',
        });
        if (receipt.value !== figure.value) wrong.push(`${metric}: ${figure.value} but ${receipt.value}`);
      }
      return { proved: figures.length, wrong };
    },
    draw: (answer) => draw(View, answer),
    close: () => told.close(),
  };
}

function listFigures(found: unknown): TileFigure[] {
  if (typeof found !== 'object' || found === null) return [];
  const figure = tileFigureSchema.safeParse(found);
  return figure.success ? [figure.data] : Object.values(found).flatMap(listFigures);
}

async function tell(
  pipeline: Pipeline,
  facts: readonly (typeof smallHistory)[number][],
  { isCounted = true } = {},
): Promise<void> {
  await pipeline.send([{ key: 'all', facts: [...facts] }]);
  await pipeline.drain();
  await decide(pipeline.store, pipeline, { decide: 'rule', pattern: '*[bot]', kind: 'automation', isOn: true });
  await decide(pipeline.store, pipeline, { decide: 'link', who: adaKey, to: 'owner' });
  if (isCounted) await pipeline.roll();
}

function draw(View: ViewModule['View'], answer: WidgetAnswer): Drawn {
  const receipts: Receipts = { open: (_question: ReceiptQuestion) => undefined, current: null, panelId: 'receipt' };
  const body: ReactElement = createElement(View, { result: answer.result as never, answer });
  const html = renderToStaticMarkup(createElement(ReceiptsContext, { value: receipts }, body));
  // What a screen reader is told of a figure stands beside what is drawn, and is no part of the text that is seen.
  const name = /<span class="vh">((?:(?!<\/span>).)*): open receipt<\/span>/g;
  const figures = [...html.matchAll(/<button[^>]*data-receipt.*?<\/button>/gs)].map(([button]) =>
    readText([...button.matchAll(name)][0]?.[1] ?? 'without a name'),
  );
  return { html, text: readText(html.replaceAll(name, '')), figures };
}

function readText(html: string): string {
  const plain = html.replaceAll(/<style.*?<\/style>/gs, '').replaceAll(/<[^>]*>/g, ' ');
  const marks: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
  return plain
    .replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (mark) => marks[mark] ?? mark)
    .replaceAll(/[\s\u00A0]+/g, ' ')
    .trim();
}
