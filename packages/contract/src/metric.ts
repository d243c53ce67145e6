import type { Day } from './day.ts';

/**
 * What a number means: one folder in `metrics/`. A metric is either *counted* from facts by an items query
 * (`metric.sql`, see `ItemRow`), or *derived* by a pure function from other metrics.
 */
export type Metric = CountedMetric | DerivedMetric;

interface MetricManifest {
  /** Stable name in the API, in goals, in widgets. Small letters and underscores; equals the folder's name. */
  id: string;
  title: string;
  unit: 'commits' | 'lines' | 'days' | 'repositories' | 'people' | 'hours' | 'points' | 'percent' | 'languages';
  /** Which way is good, if any; most activity has none. */
  better: 'up' | 'down' | 'neither';
  /** The rule in words, complete enough to recompute the number by hand. */
  definition: string;
  /** Raised whenever the same facts would give another number. */
  version: number;
  /** Whose number it can be. */
  subjects: readonly SubjectKind[];
  /** What the parts stand for, when a value is split: shown as the legend. */
  partTitle?: string;
}

export type SubjectKind = 'person' | 'workspace';

/**
 * Counted kinds. `count` adds up (over days and parts). `samples` keeps each day's values, so that any window has exact
 * percentiles. `level` is the last value of a day; a gap stays a gap. `ratio` keeps numerator and denominator apart.
 */
export interface CountedMetric extends MetricManifest {
  kind: 'count' | 'samples' | 'level' | 'ratio';
  /**
   * Where the part of an item comes from: nothing, the query's own `part` column, the item's local weekday and hour
   * (`1-00` is Monday's first hour, in the subject's zone), or the person credited (workspace subjects only).
   */
  parts: 'none' | 'query' | 'weekday-hour' | 'person';
  /** Reasons the query gives in `left_out`, in words for the receipt. */
  leftOut: Record<string, string>;
}

/**
 * One row of a metric's items query, `metric.sql`. The query has no parameters and no day arithmetic: cutting days,
 * joining subjects, counting an item once although it is seen in two repositories, exclusions and receipts are the
 * engine's work, and therefore the same for every metric.
 */
export interface ItemRow {
  /** Who is credited; null for automation. */
  person_id: string | null;
  /** The instant that decides the day. */
  at: string;
  resource_id: string;
  /** Natural key of the thing counted; counted once per subject however many rows carry it. */
  item: string;
  part: string;
  amount: number;
  /** Denominator of a ratio; 1 elsewhere. */
  base: number;
  /** Null when it counts, else a key of `leftOut`. */
  left_out: string | null;
}

/** One number of a day, as derived metrics see it. */
export interface Cell {
  day: Day;
  part: string;
  /** Set only when asked for per resource. */
  resource: string | null;
  value: number;
}

/** What a derived metric reads: another metric's cells over the window, or over all time up to the window's end. */
export interface Need {
  metric: string;
  span: 'window' | 'history';
  per?: 'resource';
}

/** Days that neither count towards a streak nor break it. */
export interface Pauses {
  freezes: readonly Day[];
  /** ISO weekdays, 1 is Monday. */
  restWeekdays: readonly number[];
  holidays: readonly Day[];
}

export interface DerivedInput {
  /** Cells by the name given in `needs`, ordered by day. Days without facts have no cell. */
  cells: Record<string, readonly Cell[]>;
  from: Day;
  to: Day;
  /** Today in the subject's zone; a window may reach beyond it. */
  today: Day;
  /** First day of the week, 1 is Monday. */
  weekStart: number;
  pauses: Pauses;
}

/** One line of evidence in the receipt of a derived number. */
export interface Evidence {
  label: string;
  value: number;
  day?: Day;
  resource?: string;
  person?: string;
}

export interface DerivedValue {
  /** `null` when there is too little to say; then `reason` says why. */
  value: number | null;
  reason?: string;
  parts?: { part: string; label?: string; value: number }[];
  /** Further facts of the value, such as the days of the longest run. */
  detail?: Record<string, string | number | boolean | null>;
  /** What the value was made of; its length is `n` unless given. */
  evidence: Evidence[];
  n?: number;
}

export interface DerivedMetric extends MetricManifest {
  kind: 'derived';
  needs: Record<string, Need>;
  /** Pure: the same input gives the same value, whatever the clock says. */
  derive(input: DerivedInput): DerivedValue;
}

/** Declares a metric; the only thing this does is to check the types. */
export function defineMetric<Kind extends Metric>(metric: Kind): Kind {
  return metric;
}

/** A metric with the text of its items query, as the generated registry and its loader hand it on. */
export type LoadedMetric = (CountedMetric & { sql: string }) | DerivedMetric;
