import { AppError } from '@devpulse/contract/errors';
import type { Day } from '@devpulse/contract/day';
import type { LoadedMetric } from '@devpulse/contract/metric';
import { type ValueState, valueStates } from '@devpulse/contract/states';
import type { FoundOf, ParamsOf, Widget } from '@devpulse/contract/widget';
import type { MetricAnswer, MetricQuery, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import type { WidgetAnswer, WidgetQuery } from '@devpulse/contract/wire/widgets';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { answerMetric } from './read-metric.ts';
import { readLatest } from './read-latest.ts';
import { findUnseen } from './sight.ts';
import {
  checkResource,
  checkSubject,
  type Question,
  resolveWhose,
  resolveWindow,
  type Whose,
} from './resolve-question.ts';

/** What a widget's query may ask. All of it speaks of one moment, of one subject, and unless said of the tile's days. */
export interface Ask extends Omit<Whose, 'road'> {
  readonly from: Day;
  readonly to: Day;
  /** A metric that the manifest names, over the tile's days and repository unless said. */
  metric(
    id: string,
    more?: Partial<Pick<MetricQuery, 'by' | 'from' | 'to' | 'resource' | 'part'>>,
  ): Promise<MetricAnswer>;
  /** The newest records behind a metric that the manifest names. */
  records(id: string, more: { limit: number }): Promise<ReceiptRecord[]>;
}

/** The server half of a widget: `export const query: WidgetQueryOf<typeof widget> = async (ask, params) => …`. */
export type WidgetQueryOf<Declared extends Pick<Widget, 'params' | 'result'>> = (
  ask: Ask,
  params: ParamsOf<Declared>,
) => Promise<FoundOf<Declared>>;

/** A widget with its query, as the generated registry hands it on. */
export interface LoadedWidget {
  widget: Widget;
  query: (ask: Ask, params: never) => Promise<unknown>;
}

/** A tile to be filled, for somebody, now. */
export interface WidgetQuestion {
  store: Store;
  metrics: ReadonlyMap<string, LoadedMetric>;
  viewer: { workspaceId: string; personId: string };
  sight?: Question['sight'];
  loaded: LoadedWidget;
  query: WidgetQuery;
  now: Date;
}

/** Runs a widget's query over one snapshot, and says how whole and how fresh all of what it asked is. */
export async function askWidget(question: WidgetQuestion): Promise<WidgetAnswer> {
  const params = readParams(question.loaded.widget, question.query.params);
  return question.store.inWorkspace(question.viewer.workspaceId, (trx) => answerWidget(trx, question, params), {
    snapshot: true,
  });
}

async function answerWidget(
  trx: WorkspaceTransaction,
  question: WidgetQuestion,
  params: Record<string, unknown>,
): Promise<WidgetAnswer> {
  const { widget, query } = question.loaded;
  const whose: Whose = { ...(await resolveWhose(trx, question)), road: new Map() };
  checkSubject(widget, whose.subject);
  const window = resolveWindow(question.query, whose.today);
  const resource = await checkResource(trx, question.query.resource, await findUnseen(trx, question.sight));
  const heard: Heard[] = [];
  const found = await query(openAsk(trx, { question, whose, window, heard }), params as never);
  const isUnknown = heard.length > 0 && heard.every(({ state }) => state === 'unknown');
  return {
    widget: widget.id,
    title: widget.title,
    subject: whose.subject,
    ...window,
    today: whose.today,
    weekStart: whose.weekStart,
    resource,
    ...weigh(heard),
    result: isUnknown ? null : checkResult(widget, found),
  };
}

/** What every answer says of itself. */
type Heard = Pick<MetricAnswer, 'state' | 'stateReason' | 'asOf'>;

interface Asking {
  question: WidgetQuestion;
  whose: Whose;
  window: { from: Day; to: Day };
  heard: Heard[];
}

function openAsk(trx: WorkspaceTransaction, { question, whose, window, heard }: Asking): Ask {
  const { road: _road, ...seen } = whose;
  const pose = (metricId: string, more: Partial<MetricQuery>) => {
    // Who watches the metrics of the manifest would otherwise not hear that the tile has changed.
    if (!question.loaded.widget.metrics.includes(metricId))
      throw new Error(`the widget "${question.loaded.widget.id}" asks "${metricId}", which its manifest does not name`);
    const { subject: asked, resource } = question.query;
    return { ...question, metricId, query: { subject: asked, resource, by: 'total' as const, ...window, ...more } };
  };
  return {
    ...seen,
    ...window,
    metric: async (id, more = {}) => {
      const answer = await answerMetric(trx, pose(id, more), whose);
      heard.push(answer);
      return answer;
    },
    records: async (id, { limit }) => {
      const latest = await readLatest(trx, pose(id, {}), { whose, limit });
      heard.push(latest);
      return latest.records;
    },
  };
}

/** The state of a tile is the worst of what it asked; it is empty only when all of that is. */
function weigh(heard: readonly Heard[]): Pick<WidgetAnswer, 'state' | 'stateReason' | 'asOf'> {
  const found = heard.some(({ state }) => state === 'ok') ? heard.filter(({ state }) => state !== 'empty') : heard;
  const worst = found.toSorted((a, b) => weightOf(b.state) - weightOf(a.state))[0];
  const instants = heard.flatMap(({ asOf }) => (asOf === null ? [] : [asOf])).toSorted();
  return {
    state: worst?.state ?? 'empty',
    ...(worst?.stateReason === undefined ? {} : { stateReason: worst.stateReason }),
    asOf: instants[0] ?? null,
  };
}

function weightOf(state: ValueState): number {
  return valueStates.indexOf(state);
}

function readParams(widget: Widget, text: string | undefined): Record<string, unknown> {
  const parsed = widget.params.strict().safeParse(text === undefined ? {} : readJson(text));
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_request', `these are no settings of "${widget.id}"`, {
    problems: parsed.error.issues.map(({ path, message }) => ({ path: ['params', ...path].join('.'), message })),
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid_request', 'the settings are not JSON', {
      problems: [{ path: 'params', message: 'a JSON object, such as {}' }],
    });
  }
}

function checkResult(widget: Widget, found: unknown): unknown {
  const parsed = widget.result.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new Error(`the widget "${widget.id}" answers what its manifest does not declare`, { cause: parsed.error });
}
