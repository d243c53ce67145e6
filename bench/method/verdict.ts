import { median, spreadOf } from './statistics.ts';

/** `void`: the run proves nothing. `info`: there is no target to meet. */
export type Verdict = 'pass' | 'miss' | 'void' | 'not run' | 'info';

/** One line of the results. */
export interface Row {
  target: string;
  what: string;
  wanted: string;
  /** The judged figure, in words. */
  figure: string;
  value: number | null;
  /** Largest by smallest of the figures of the rounds. */
  spread: number | null;
  verdict: Verdict;
  baseline: string;
  why?: string;
  /** What was measured, round by round, for whoever wants to compute it again. */
  samples?: Record<string, number[]>;
}

/** What every row of a target says about itself. */
export interface Claim {
  target: string;
  what: string;
  baseline: string;
  samples?: Record<string, number[]>;
}

const spreadMax = 2;

/** Judges ratios by their median. A spread over 2 voids them: such a run passes nothing and fails nothing. */
export function judgeRatio(
  claim: Claim,
  ratios: readonly number[],
  bound: { atLeast: number } | { atMost: number },
): Row {
  const value = median(ratios);
  const spread = spreadOf(ratios);
  const holds = 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
  const isVoid = !Number.isFinite(value) || !(spread <= spreadMax);
  return {
    ...claim,
    wanted: 'atLeast' in bound ? `≥ ${bound.atLeast} ×` : `≤ ${bound.atMost} ×`,
    figure: `${formatFigure(value)} ×`,
    value,
    spread,
    verdict: isVoid ? 'void' : holds ? 'pass' : 'miss',
    ...(isVoid ? { why: `The rounds differ by ${formatFigure(spread)} ×, more than ${spreadMax} ×.` } : {}),
  };
}

/**
 * Judges an absolute ceiling by the median. A spread over 2 voids it only where the rounds disagree: when every one of them
 * holds, or every one breaks it, noise has not made the verdict.
 */
export function judgeCeiling(claim: Claim, values: readonly number[], ceiling: { atMost: number; unit: string }): Row {
  const value = median(values);
  const spread = spreadOf(values);
  const holding = values.filter((one) => one <= ceiling.atMost).length;
  const isVoid =
    values.some((one) => Number.isNaN(one)) || (spread > spreadMax && holding > 0 && holding < values.length);
  const worst = values.length > 1 ? ` (worst ${formatFigure(Math.max(...values))})` : '';
  return {
    ...claim,
    wanted: `≤ ${ceiling.atMost} ${ceiling.unit}`,
    figure: `${formatFigure(value)} ${ceiling.unit}${worst}`,
    value,
    spread,
    verdict: isVoid ? 'void' : value <= ceiling.atMost ? 'pass' : 'miss',
    ...(isVoid ? { why: `The rounds differ by ${formatFigure(spread)} × and disagree.` } : {}),
  };
}

/** A figure nobody set a target for. */
export function tellRatio(claim: Claim, ratios: readonly number[]): Row {
  const row = judgeRatio(claim, ratios, { atLeast: 0 });
  return { ...row, wanted: 'no target', verdict: row.verdict === 'void' ? 'void' : 'info' };
}

/** The same rows, but worth nothing, because something was found that makes them lies. */
export function voidRows(rows: readonly Row[], reason: string): Row[] {
  return rows.map((row) => ({ ...row, verdict: 'void', why: reason }));
}

/** A target that could not be measured here. */
export function skipTarget(target: string, what: string, why: string): Row {
  return { target, what, wanted: '', figure: '', value: null, spread: null, verdict: 'not run', baseline: '', why };
}

/** A figure with three digits that count. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return '0';
  return size >= 100
    ? Math.round(value).toString()
    : size >= 10
      ? value.toFixed(1)
      : size >= 0.1
        ? value.toFixed(2)
        : value.toPrecision(2);
}
