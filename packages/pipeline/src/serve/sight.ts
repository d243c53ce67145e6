import type { MetricValue } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';

/** What whoever asks may be told. Left out where the program asks for itself. */
export interface Sight {
  /** Throws unless whoever asks may be told the numbers of this person. */
  demand(trx: WorkspaceTransaction, personId: string): Promise<void>;
  /** Those of these people whose numbers whoever asks may not be told. */
  findHidden(trx: WorkspaceTransaction, personIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The repositories of the workspace that whoever asks is not told of, by id. */
  findUnseen(trx: WorkspaceTransaction): Promise<ReadonlySet<string>>;
}

/** The part that stands for everybody whose numbers are not told one by one. */
export const othersPart = 'others';

/** The part that stands for all repositories that whoever asks is not told of. */
export const unseenPart = 'unseen';

const none: ReadonlySet<string> = new Set();

/** The repositories that must not be named in an answer; none where the program asks for itself. */
export async function findUnseen(trx: WorkspaceTransaction, sight: Sight | undefined): Promise<ReadonlySet<string>> {
  return sight === undefined ? none : sight.findUnseen(trx);
}

type Part = NonNullable<MetricValue['parts']>[number];

/** Puts all parts of people who may not be told apart into one, so that the whole stays what it is. */
export function joinHidden(parts: readonly Part[], hidden: ReadonlySet<string>): Part[] {
  const value = parts.reduce((sum, part) => (hidden.has(part.part) ? sum + part.value : sum), 0);
  const shown = parts.filter(({ part }) => !hidden.has(part));
  return shown.length === parts.length ? shown : [...shown, { part: othersPart, label: 'Others', value }];
}

/** People stand in the order of their names, never of their numbers; the others come last. */
export function orderByName(parts: readonly Part[]): Part[] {
  const isOthers = (part: Part): number => Number(part.part === othersPart);
  return parts.toSorted(
    (a, b) => isOthers(a) - isOthers(b) || a.label.localeCompare(b.label, 'en') || (a.part < b.part ? -1 : 1),
  );
}
