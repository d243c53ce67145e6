import type { z } from 'zod';
import type { SubjectKind } from './metric.ts';

/** How many of twelve columns a tile takes, in a wide and in a middling container; a phone shows one column. */
export interface TileSpan {
  wide: 3 | 4 | 5 | 6 | 7 | 8 | 12;
  middle: 3 | 4 | 5 | 6 | 7 | 12;
  /** Rows of 72 px, fixed before data arrives so that nothing jumps. */
  rows: number;
}

/**
 * How numbers are seen: one folder in `widgets/`. `widget.ts` declares it, `query.ts` is its one question (server),
 * `view.tsx` draws the answer (browser). Neither half computes a figure: those come from metrics, each with its receipt.
 */
export interface Widget<Params extends z.ZodObject = z.ZodObject, Result extends z.ZodType = z.ZodType> {
  /** Equals the folder's name; small letters and underscores. */
  id: string;
  title: string;
  /** What it shows, in one sentence; read where tiles are chosen. */
  summary: string;
  /** Everything has a default: a tile can be drawn without a setting. */
  params: Params;
  /** What the query answers and the view is handed. */
  result: Result;
  /** Metrics it asks; when one of them changes, the tile asks again. */
  metrics: readonly string[];
  subjects: readonly SubjectKind[];
  span: TileSpan;
}

/** What a widget's query is handed: its settings, with every default filled in. */
export type ParamsOf<Declared extends { params: z.ZodType }> = z.output<Declared['params']>;

/** What a widget's query answers and its view is handed. */
export type ResultOf<Declared> = Declared extends { result: infer Result extends z.ZodType } ? z.output<Result> : never;

/** The same as the query writes it, before the schema has filled in defaults. */
export type FoundOf<Declared extends { result: z.ZodType }> = z.input<Declared['result']>;

/**
 * What the browser knows of a widget before its view is loaded: plain data, so that no schema travels with it, and only
 * what the first view needs. The rest is in the catalogue that the server answers.
 */
export interface WidgetCard {
  id: string;
  title: string;
  span: TileSpan;
  metrics: readonly string[];
  subjects: readonly SubjectKind[];
}

/** Declares a widget; the only thing this does is to check the types. */
export function defineWidget<Params extends z.ZodObject, Result extends z.ZodType>(
  widget: Widget<Params, Result>,
): Widget<Params, Result> {
  return widget;
}
