import type { ReactElement } from 'react';
import type { Receipt, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import { formatInstant } from './format/format-instant.ts';
import { formatCell, formatCount } from './format/format-number.ts';
import { SlipPart } from './slip-paper.tsx';

export interface SlipRecordsProps {
  receipt: Receipt;
  zone: string;
  onMore?: (() => void) | undefined;
  loadingMore?: boolean | undefined;
  /** Why the next page could not be read. */
  moreFailed?: string | undefined;
}

/** The records the number was made of, newest first, each with a link to where it can be seen. */
export function SlipRecords({ receipt, zone, onMore, loadingMore, moreFailed }: SlipRecordsProps): ReactElement | null {
  const { records, n, nextCursor, unit, kind, value } = receipt;
  if (records.length === 0) return null;
  // Where every record counts 1, the value would be a column of ones: the time says more.
  const hasValues = kind !== 'derived' && records.some((record) => record.value !== 1);
  return (
    <SlipPart
      title="Records"
      aside={nextCursor === null ? 'newest first' : `newest first, ${formatCount(records.length)} of ${formatCount(n)}`}
    >
      <ol className="records">
        {records.map((record) => (
          <RecordLine
            key={`${record.item} ${record.part} ${record.resource ?? ''}`}
            record={record}
            zone={zone}
            shown={hasValues ? formatCell(record.value, unit) : null}
            isMedian={kind === 'samples' && record.value === value}
          />
        ))}
      </ol>
      {moreFailed && <p className="records-failed">{moreFailed}</p>}
      {nextCursor !== null && onMore && (
        <button
          type="button"
          className="text-button"
          onClick={onMore}
          aria-disabled={loadingMore}
          aria-busy={loadingMore}
        >
          {loadingMore ? 'Reading more' : 'Show more'}
        </button>
      )}
    </SlipPart>
  );
}

interface RecordLineProps {
  record: ReceiptRecord;
  zone: string;
  shown: string | null;
  isMedian: boolean;
}

function RecordLine({ record, zone, shown, isMedian }: RecordLineProps): ReactElement {
  const when = record.at === null ? (record.day ?? '') : formatInstant(record.at, zone);
  return (
    <li className={isMedian ? 'record-median' : undefined}>
      <span className="record-label" title={[record.label, record.resource].filter(Boolean).join(', ')}>
        {record.url ? (
          <a href={record.url} target="_blank" rel="noreferrer noopener">
            {record.label}
          </a>
        ) : (
          record.label
        )}
        {record.resource && shown === null && <small>{record.resource}</small>}
      </span>
      {isMedian && <span className="record-note">the median</span>}
      {shown !== null && <b>{shown}</b>}
      <time dateTime={record.at ?? undefined}>{when}</time>
    </li>
  );
}
