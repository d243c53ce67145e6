/** Round numbers from 0 to just over `highest`, at most `most` of them; `whole` forbids fractions. */
export function findTicks(highest: number, options: { most?: number; whole?: boolean } = {}): number[] {
  const { most = 4, whole = true } = options;
  if (!(highest > 0)) return [0];
  const rough = highest / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  const step = nice.find((size) => size >= rough && (!whole || Number.isInteger(size))) ?? 10 * power;
  const size = whole ? Math.max(1, Math.ceil(step)) : step;
  const count = Math.ceil(highest / size - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * size).toPrecision(12)));
}

/** Places on a logarithmic axis between two values: human times for durations, powers of ten and their thirds else. */
export function findLogTicks(lowest: number, highest: number, unit: string): number[] {
  const human = [1, 5, 15, 60, 240, 720, 1_440, 2_880, 7_200, 20_160, 43_200, 129_600, 525_600];
  const powers = Array.from({ length: 10 }, (_, index) => [10 ** index, 3 * 10 ** index]).flat();
  const minutes = unit === 'hours' ? 60 : 1;
  const candidates = unit === 'hours' || unit === 'minutes' ? human.map((tick) => tick / minutes) : powers;
  const inside = candidates.filter((tick) => tick >= lowest && tick <= highest);
  const every = Math.ceil(inside.length / 5);
  return inside.filter((_, index) => index % every === 0);
}

/** Of labels along an axis, those that fit without touching, keeping the last one. */
export function pickLabels<Label extends { x: number; text: string }>(labels: readonly Label[], gap = 20): Label[] {
  const kept: Label[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (const label of labels.toReversed()) {
    const half = label.text.length * 3;
    if (label.x + half > limit) continue;
    kept.push(label);
    limit = label.x - half - gap;
  }
  return kept.toReversed();
}
