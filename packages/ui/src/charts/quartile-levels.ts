/** The values one step of the scale stands for; `to` is null for the highest, which is open. */
export interface LevelRange {
  level: 1 | 2 | 3 | 4;
  from: number;
  to: number | null;
}

/** Upper ends of levels 1 to 3: quartiles of the values that are not zero, so that one wild day cannot wash out a year. */
export function findThresholds(values: readonly (number | null)[]): [number, number, number] {
  const sorted = values.filter((value): value is number => value !== null && value > 0).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return [at(0.25), at(0.5), at(0.75)];
}

/** The level of a value: 0 is nothing, 4 is the highest quarter of the days that had any. */
export function levelOf(value: number, thresholds: readonly [number, number, number]): 0 | 1 | 2 | 3 | 4 {
  if (value <= 0) return 0;
  if (value <= thresholds[0]) return 1;
  if (value <= thresholds[1]) return 2;
  return value <= thresholds[2] ? 3 : 4;
}

/** What each step stands for, in whole numbers; steps that no value can reach are left out. */
export function listRanges(thresholds: readonly [number, number, number], highest: number): LevelRange[] {
  const ends = [thresholds[0], thresholds[1], thresholds[2], highest];
  const ranges: LevelRange[] = [];
  let from = 1;
  for (const [index, end] of ends.entries()) {
    const top = Math.floor(end);
    if (top < from) continue;
    ranges.push({ level: (index + 1) as LevelRange['level'], from, to: index === 3 ? null : top });
    from = top + 1;
  }
  return ranges;
}
