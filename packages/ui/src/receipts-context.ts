import { createContext, useContext } from 'react';
import type { Day } from '@devpulse/contract/day';

/** Which number is asked for its receipt. What is left out is the person, the year up to today, every repository. */
export interface ReceiptQuestion {
  metric: string;
  subject?: string | undefined;
  from?: Day | undefined;
  to?: Day | undefined;
  resource?: string | undefined;
  /** Only this part of a counted number: one language, one hour of the week. */
  part?: string | undefined;
}

/** What the page offers to every figure on it. */
export interface Receipts {
  /** Opens the receipt; `opener` gets the focus back when it is closed. */
  open: (question: ReceiptQuestion, opener?: HTMLElement) => void;
  /** The question whose receipt is open, if any. */
  current: ReceiptQuestion | null;
  /** Id of the panel, for `aria-controls`. */
  panelId: string;
}

/** Provided by the page that owns the receipt panel; null where there is none, as on a printed sheet. */
export const ReceiptsContext = createContext<Receipts | null>(null);

/** The receipts of the page, or null where figures cannot be opened. */
export function useReceipts(): Receipts | null {
  return useContext(ReceiptsContext);
}

/** True when two questions ask for the same receipt. */
export function isSameQuestion(one: ReceiptQuestion | null, other: ReceiptQuestion | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.metric === other.metric &&
    (one.subject ?? 'me') === (other.subject ?? 'me') &&
    one.from === other.from &&
    one.to === other.to &&
    one.resource === other.resource &&
    one.part === other.part
  );
}
