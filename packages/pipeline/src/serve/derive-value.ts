import type { Cell, DerivedMetric, DerivedValue } from '@devpulse/contract/metric';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import type { Resolved } from './resolve-question.ts';
import type { Bucket } from './windows.ts';

/** Lets a derived metric look at one window of what was read for the whole question. Pure. */
export function deriveValue(
  metric: DerivedMetric,
  resolved: Resolved,
  cells: Record<string, Cell[]>,
  bucket: Bucket,
): DerivedValue {
  const seen = Object.fromEntries(
    Object.entries(metric.needs).map(([name, need]) => [
      name,
      (cells[name] ?? []).filter(
        (cell) => cell.day <= bucket.to && (need.span === 'history' || cell.day >= bucket.from),
      ),
    ]),
  );
  return metric.derive({
    cells: seen,
    from: bucket.from,
    to: bucket.to,
    today: resolved.today,
    weekStart: resolved.weekStart,
    pauses: resolved.pauses,
  });
}

/** The derived value in the shape of the API. */
export function toMetricValue(derived: DerivedValue, bucket: Bucket, complete: boolean): MetricValue {
  return {
    from: bucket.from,
    to: bucket.to,
    value: derived.value,
    n: derived.n ?? derived.evidence.length,
    complete,
    ...(derived.reason === undefined ? {} : { reason: derived.reason }),
    ...(derived.detail === undefined ? {} : { detail: derived.detail }),
    ...(derived.parts === undefined
      ? {}
      : { parts: derived.parts.map(({ part, label, value }) => ({ part, label: label ?? part, value })) }),
  };
}
