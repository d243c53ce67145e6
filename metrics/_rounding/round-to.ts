/** Rounds half up to so many decimals. */
export function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  // Binary fractions put an exact half a hair below itself (1.005 × 100); whoever computes by hand would round it up.
  return Math.round(Number((value * factor).toPrecision(12))) / factor;
}
