import '@devpulse/ui/slip.css';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { IconButton } from '@devpulse/ui/icon-button.tsx';
import type { ReceiptQuestion } from '@devpulse/ui/receipts-context';
import { SidePanel } from '@devpulse/ui/side-panel.tsx';
import { Slip } from '@devpulse/ui/slip.tsx';
import { SlipFailed } from '@devpulse/ui/slip-failed.tsx';
import { SlipLoading } from '@devpulse/ui/slip-loading.tsx';
import { ApiError, describeError } from '../api-error.ts';
import { copyText } from '../frame/copy-text.ts';
import { useViewer } from '../frame/use-viewer.ts';
import { downloadCsv } from './download-csv.ts';
import { receiptQuery } from './receipt-query.ts';

export interface ReceiptPanelProps {
  question: ReceiptQuestion;
  panelId: string;
  opener: HTMLElement | null;
  onClose: () => void;
}

/** The proof of the figure that was pressed, beside the page. */
export function ReceiptPanel({ question, panelId, opener, onClose }: ReceiptPanelProps): ReactElement {
  const client = useQueryClient();
  const { me } = useViewer();
  const asked = useInfiniteQuery(receiptQuery(question));
  const receipt = asked.data === undefined ? null : joinPages(asked.data.pages);
  return (
    <SidePanel
      id={panelId}
      title="Receipt"
      icon="receipt"
      onClose={onClose}
      returnTo={opener}
      actions={
        <>
          <IconButton
            icon="link"
            label="Copy a link to this receipt"
            onClick={() => void copyText(location.href, 'The link to this receipt is copied.')}
          />
          <IconButton
            icon="download"
            label="Download the records as CSV"
            disabled={receipt === null}
            onClick={() => void downloadCsv(client, question)}
          />
        </>
      }
    >
      {receipt !== null && (
        <Slip
          receipt={receipt}
          zone={me.effectiveZone}
          {...(receipt.nextCursor === null ? {} : { onMore: () => void asked.fetchNextPage() })}
          loadingMore={asked.isFetchingNextPage}
        />
      )}
      {receipt === null && asked.error === null && <SlipLoading />}
      {asked.error !== null && (
        <SlipFailed
          reason={describeError(asked.error)}
          reference={asked.error instanceof ApiError ? (asked.error.requestId ?? undefined) : undefined}
          onRetry={() => void (asked.isFetchNextPageError ? asked.fetchNextPage() : asked.refetch())}
        />
      )}
    </SidePanel>
  );
}

/** The head of the first page with the records of all. */
function joinPages(pages: readonly Receipt[]): Receipt | null {
  const [first] = pages;
  const last = pages.at(-1);
  if (first === undefined || last === undefined) return null;
  return { ...first, records: pages.flatMap((page) => page.records), nextCursor: last.nextCursor };
}
