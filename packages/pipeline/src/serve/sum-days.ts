import type { CountedMetric } from '@devpulse/contract/metric';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import type { DayRow } from './read-cells.ts';
import type { Bucket } from './windows.ts';

/** A window's value of a counted metric, from its days. Pure. */
export function sumDays(
  metric: CountedMetric,
  bucket: Bucket,
  rows: readonly DayRow[],
  complete: boolean,
): MetricValue {
  const inside = rows.filter((row) => row.day >= bucket.from && row.day <= bucket.to);
  const n = sum(inside.map((row) => row.n));
  const base = { from: bucket.from, to: bucket.to, n, complete };
  switch (metric.kind) {
    case 'count':
      return { ...base, value: sum(inside.map((row) => row.value)), ...partsOf(metric, inside) };
    case 'ratio':
      return ratioOf(base, inside);
    case 'samples':
      return samplesOf(base, inside);
    case 'level': {
      const last = inside.at(-1);
      return {
        ...base,
        value: last?.value ?? null,
        ...(last === undefined ? { reason: 'no reading in this window' } : {}),
      };
    }
  }
}

type Base = Pick<MetricValue, 'from' | 'to' | 'n' | 'complete'>;

function ratioOf(base: Base, rows: readonly DayRow[]): MetricValue {
  const denominator = sum(rows.map((row) => row.base ?? 0));
  if (denominator === 0) return { ...base, value: null, base: 0, reason: 'nothing to divide by in this window' };
  // Numerators and denominators are added up first: the mean of daily shares would be another, wrong number.
  return { ...base, value: (100 * sum(rows.map((row) => row.value))) / denominator, base: denominator };
}

const fewest = 5;

function samplesOf(base: Base, rows: readonly DayRow[]): MetricValue {
  const samples = rows.flatMap((row) => row.samples ?? []).toSorted((a, b) => a - b);
  if (samples.length === 0) return { ...base, value: null, reason: 'no cases in this window' };
  if (samples.length < fewest) {
    return { ...base, value: null, samples, reason: `${samples.length} cases: too few for a median` };
  }
  const quantiles = { p50: quantile(samples, 0.5), p75: quantile(samples, 0.75), p90: quantile(samples, 0.9) };
  return { ...base, value: quantiles.p50, quantiles };
}

/** A percentile by linear interpolation between the two nearest ranks; `sorted` must ascend and hold a value. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

function partsOf(metric: CountedMetric, rows: readonly DayRow[]): Pick<MetricValue, 'parts'> {
  if (metric.parts === 'none') return {};
  const parts = new Map<string, number>();
  for (const row of rows) parts.set(row.part, (parts.get(row.part) ?? 0) + row.value);
  return { parts: [...parts].map(([part, value]) => ({ part, label: part, value })) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
