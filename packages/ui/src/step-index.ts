/** Where an arrow key, Home or End leads in a list of `count`, from `at`; null for any other key. Stops at the ends. */
export function stepIndex(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(last, at + 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return at < 0 ? last : Math.max(0, at - 1);
  return null;
}
