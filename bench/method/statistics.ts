/** The middle value; the mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A percentile by linear interpolation between the two nearest ranks. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('no values, so no percentile');
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** How many times the smallest value goes into the largest. */
export function spreadOf(values: readonly number[]): number {
  const smallest = Math.min(...values);
  const largest = Math.max(...values);
  if (largest === smallest) return 1;
  return smallest <= 0 ? Number.POSITIVE_INFINITY : largest / smallest;
}

/** How well a straight line explains the points: R², 1 when it explains them fully. */
export function straightness(points: readonly { x: number; y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const sum = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const xy = sum(({ x, y }) => (x - meanX) * (y - meanY));
  const xx = sum(({ x }) => (x - meanX) ** 2);
  const yy = sum(({ y }) => (y - meanY) ** 2);
  return xx === 0 || yy === 0 ? Number.NaN : xy ** 2 / (xx * yy);
}
