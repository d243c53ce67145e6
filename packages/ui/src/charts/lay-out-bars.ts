/** A bar of a chart over time; null is unknown: a gap with a hatch, never a bar of height 0. */
export interface Bar {
  key: string;
  /** In full, as it is said: `Fri 20 Nov`. */
  label: string;
  /** Short, along the axis; only those that fit are drawn. */
  tick?: string | undefined;
  value: number | null;
  /** The same place in the time before: a tick over the bar. */
  before?: number | null | undefined;
  /** The time is not over: hatched in its own colour. */
  unfinished?: boolean | undefined;
  /** Why it is unknown, or what the value is not. */
  reason?: string | undefined;
}

/** A bar with its place on the sheet. */
export interface PlacedBar {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Height of the tick of the time before. */
  before: number | null;
}

export interface BarsBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The widest bar: beyond this a bar reads as a block. */
const widest = 36;

/** Places bars side by side above a line at `box.bottom`; a value above 0 is never thinner than 1 px. */
export function layOutBars(bars: readonly Bar[], highest: number, box: BarsBox): PlacedBar[] {
  const step = bars.length === 0 ? 0 : (box.right - box.left) / bars.length;
  const gap = step > 12 ? 4 : step > 5 ? 2 : step * 0.25;
  const width = Math.max(0.5, Math.min(widest, step - gap));
  const scale = highest > 0 ? (box.bottom - box.top) / highest : 0;
  return bars.map((bar, index) => {
    const value = bar.value ?? 0;
    const height = value > 0 ? Math.max(1, value * scale) : 0;
    return {
      x: box.left + index * step + (step - width) / 2,
      y: box.bottom - height,
      width,
      height,
      before: typeof bar.before === 'number' && bar.before > 0 ? box.bottom - bar.before * scale : null,
    };
  });
}

/** Runs of unknown bars that follow each other, as the first and the last index of each. */
export function findGaps(bars: readonly Pick<Bar, 'value'>[]): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  for (const [index, bar] of bars.entries()) {
    if (bar.value !== null) continue;
    const last = gaps.at(-1);
    if (last?.to === index - 1) last.to = index;
    else gaps.push({ from: index, to: index });
  }
  return gaps;
}
