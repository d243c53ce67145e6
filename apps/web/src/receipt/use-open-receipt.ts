import { useCallback, useMemo, useRef } from 'react';
import { isSameQuestion, type ReceiptQuestion, type Receipts } from '@devpulse/ui/receipts-context';
import { readReceiptSearch } from '../board/board-search.ts';
import { questionOf, searchOf } from './receipt-question.ts';
import { useNavigate, useSearch } from '../router/use-router.ts';

const panelId = 'receipt';

/** The receipt that the address names, and the way to another one. */
export function useOpenReceipt(): {
  receipts: Receipts;
  question: ReceiptQuestion | null;
  opener: HTMLElement | null;
  /** The tile in which the figure was pressed. */
  tile: string | null;
  close: () => void;
} {
  const navigate = useNavigate();
  const search = useSearch(readReceiptSearch);
  const opener = useRef<HTMLElement | null>(null);
  const go = useCallback(
    (question: ReceiptQuestion | null) =>
      void navigate({
        to: '.',
        search: (before: object) => ({ ...before, ...searchOf(question) }),
        replace: true,
      }),
    [navigate],
  );
  const question = useMemo(
    () => questionOf(search),
    // The parts, not the object: the rest of the address changes without the receipt.
    [
      search.receipt,
      search.receipt_subject,
      search.receipt_from,
      search.receipt_to,
      search.receipt_resource,
      search.receipt_part,
    ],
  );
  const receipts = useMemo<Receipts>(
    () => ({
      current: question,
      panelId,
      open: (asked, element) => {
        opener.current = element ?? null;
        // A second press on the same figure closes what the first opened.
        go(isSameQuestion(asked, question) ? null : asked);
      },
    }),
    [question, go],
  );
  const tile = question === null ? null : (opener.current?.closest('[data-tile]')?.getAttribute('data-tile') ?? null);
  return { receipts, question, opener: opener.current, tile, close: () => go(null) };
}
