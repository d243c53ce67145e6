/**
 * How likely two samples differ at least this much by chance, when nothing tells them apart (Mann and Whitney, two-sided, by the
 * normal approximation with ties). Ranks, not sums: one pause of the machine must not decide.
 */
export function rankSumP(first: readonly number[], second: readonly number[]): number {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) throw new Error('no values, so nothing to compare');
  const all = [...first.map((value) => ({ value, own: true })), ...second.map((value) => ({ value, own: false }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2;
    rankSum += all.slice(from, to).filter(({ own }) => own).length * rank;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const z = (rankSum - (n * (total + 1)) / 2) / Math.sqrt(variance);
  return Math.min(1, 2 * tailOf(Math.abs(z)));
}

/** The share of a normal distribution beyond z (Abramowitz and Stegun, 26.2.17). */
function tailOf(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const sum = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight(
    (rest, factor) => t * (factor + rest),
    0,
  );
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
