import { findLogTicks, findTicks } from './find-ticks.ts';

/** One record on the axis. */
export interface StripRecord {
  key: string;
  label: string;
  value: number;
}

export interface StripLayout {
  place: (value: number) => number;
  ticks: number[];
  /** Where the middle half lies; null below five records, where a quartile says nothing. */
  band: { from: number; to: number } | null;
}

const edge = 6;
/** Beyond this ratio of the largest to the least a straight axis would hide the small ones. */
const wide = 20;

/** Lays sorted records on one axis: straight, or logarithmic when they span a wide range. */
export function layOutStrip(sorted: readonly StripRecord[], unit: string, width: number): StripLayout {
  const lowest = sorted[0]?.value ?? 0;
  const highest = sorted.at(-1)?.value ?? 1;
  const isLog = lowest > 0 && highest / lowest > wide;
  const straightTicks = findTicks(highest, { whole: unit !== 'hours' });
  const top = isLog ? highest : (straightTicks.at(-1) ?? 1) || 1;
  const bottom = isLog ? lowest : Math.min(0, lowest);
  const share = (value: number): number =>
    isLog ? Math.log(value / bottom) / Math.log(top / bottom) : (value - bottom) / (top - bottom);
  const place = (value: number): number => edge + Math.min(1, Math.max(0, share(value))) * (width - 2 * edge);
  return {
    place,
    ticks: isLog ? findLogTicks(lowest, highest, unit) : straightTicks,
    band: sorted.length < 5 ? null : { from: place(quantile(sorted, 0.25)), to: place(quantile(sorted, 0.75)) },
  };
}

/** Where a quartile is drawn on the axis; the figures in words come from the metric. */
function quantile(sorted: readonly StripRecord[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]?.value ?? 0;
  const high = sorted[Math.ceil(at)]?.value ?? low;
  return low + (at - Math.floor(at)) * (high - low);
}
