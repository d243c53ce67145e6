import type { Fact } from '@devpulse/contract/facts';
import { laterBy } from './order-in-second.ts';

/** One kind of fact, by its name. */
export type FactOf<Name extends Fact['fact']> = Extract<Fact, { fact: Name }>;

/** Where, and in an answer of the API also when, something was told. */
export interface Told {
  /** As keys name it, for example `github.com`. */
  host: string;
  /** The key of the repository it is about. */
  repository: string;
  /** The clock of the answer; `null` for an event that GitHub sent, which has none. */
  at: string | null;
  /** Of an event: where it stands among those of the same second, in milliseconds. */
  order: number;
}

/** Repositories are known by GitHub's own number: names change and are given to others. */
export function repositoryKey(host: string, id: number): string {
  return `${host}/${id}`;
}

/** The instant that decides between two tellings of the same `updatedAt`. */
export function seenAtOf(told: Told, updatedAt: string): string {
  return told.at ?? laterBy(updatedAt, told.order);
}
