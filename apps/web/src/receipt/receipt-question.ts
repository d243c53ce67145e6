import type { ReceiptQuestion } from '@devpulse/ui/receipts-context';
import type { ReceiptSearch } from '../board/board-search.ts';

/** The question that an address holds; null when no receipt is open. */
export function questionOf(search: ReceiptSearch): ReceiptQuestion | null {
  if (search.receipt === undefined) return null;
  return {
    metric: search.receipt,
    subject: search.receipt_subject ?? 'me',
    from: search.receipt_from,
    to: search.receipt_to,
    resource: search.receipt_resource,
    part: search.receipt_part,
  };
}

/** The address that holds a question; every key is named, so that the one before leaves nothing behind. */
export function searchOf(question: ReceiptQuestion | null): ReceiptSearch {
  return {
    receipt: question?.metric,
    receipt_subject: question?.subject === 'me' ? undefined : question?.subject,
    receipt_from: question?.from,
    receipt_to: question?.to,
    receipt_resource: question?.resource,
    receipt_part: question?.part,
  };
}
