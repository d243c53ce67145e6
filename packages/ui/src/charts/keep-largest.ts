/** The largest `most` entries in their order of size, and the sum of all others; null when there are no others. */
export function keepLargest<Entry extends { value: number | null }>(
  entries: readonly Entry[],
  most: number,
): { kept: Entry[]; other: number | null; otherCount: number } {
  const sorted = entries.toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1));
  // One leftover is shown by its name: "1 other" says less in the same room.
  const cut = sorted.length === most + 1 ? most + 1 : most;
  const rest = sorted.slice(cut);
  return {
    kept: sorted.slice(0, cut),
    other: rest.length === 0 ? null : rest.reduce((sum, entry) => sum + (entry.value ?? 0), 0),
    otherCount: rest.length,
  };
}
