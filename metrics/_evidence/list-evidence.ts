import type { Day } from '@devpulse/contract/day';
import type { Evidence } from '@devpulse/contract/metric';

const longest = 366;

/** The newest lines of evidence (a leap year of days), newest first, and how many there are in truth. */
export function listNewest(evidence: readonly Evidence[]): { evidence: Evidence[]; n: number } {
  return { evidence: evidence.slice(-longest).toReversed(), n: evidence.length };
}

/** The first lines of evidence that have no order in time, and how many there are in truth. */
export function listFirst(evidence: readonly Evidence[]): { evidence: Evidence[]; n: number } {
  return { evidence: evidence.slice(0, longest), n: evidence.length };
}

/** Days with their commits, the newest first; `days` comes ordered by day. */
export function listCommitDays(days: Iterable<readonly [Day, number]>): { evidence: Evidence[]; n: number } {
  return listNewest([...days].map(([day, value]) => ({ label: countWords(value, 'commit'), value, day })));
}

/** `1 commit`, `12 commits`. */
export function countWords(count: number, singular: string): string {
  return `${count} ${singular}${count === 1 ? '' : 's'}`;
}
