import type { ReactElement, ReactNode } from 'react';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { formatCount } from './format/format-number.ts';
import { SlipCommand } from './slip-command.tsx';
import { SlipCoverage } from './slip-coverage.tsx';
import { SlipHead } from './slip-head.tsx';
import { SlipPaper, SlipPart } from './slip-paper.tsx';
import { SlipRecords } from './slip-records.tsx';
import { SlipSum } from './slip-sum.tsx';

export interface SlipProps {
  /** With all records fetched so far in `records`, and the cursor of the last page in `nextCursor`. */
  receipt: Receipt;
  /** Fetches the next page of records. */
  onMore?: (() => void) | undefined;
  loadingMore?: boolean | undefined;
  /** Why the next page could not be read; what was read stays. */
  moreFailed?: string | undefined;
  /** Where the full rule and its history stand. */
  ruleHref?: string | undefined;
  /** The zone in which instants are said: the reader's; left out, the subject's. */
  zone?: string | undefined;
  /** Said after the figure, such as a state chip with the progress of an import. */
  note?: ReactNode;
}

/** A sum of lines or a score is made of records; only a count is the number of them. */
function nameSum({ n, value }: Receipt): string {
  if (n === 0) return 'How the number came about';
  return n === value ? `How the ${formatCount(n)} were counted` : `The ${formatCount(n)} records behind it`;
}

/** The receipt of a number, in the order in which it can be checked by hand. */
export function Slip({ receipt, onMore, loadingMore, moreFailed, ruleHref, zone, note }: SlipProps): ReactElement {
  const shownZone = zone ?? receipt.subject.zone;
  return (
    <SlipPaper label={`Receipt: ${receipt.title}`}>
      <SlipHead receipt={receipt} ruleHref={ruleHref} note={note} />
      <SlipPart title={nameSum(receipt)}>
        <SlipSum
          found={{ label: 'Found in this window', count: receipt.found }}
          leftOut={receipt.leftOut.map((line) => ({ key: line.reason, label: line.words, count: line.count }))}
          total={{ label: 'Counted', count: receipt.n }}
        />
        {receipt.madeFrom.length > 0 && <p>Worked out from {receipt.madeFrom.join(', ')}.</p>}
      </SlipPart>
      <SlipRecords
        receipt={receipt}
        zone={shownZone}
        onMore={onMore}
        loadingMore={loadingMore}
        moreFailed={moreFailed}
      />
      <SlipCoverage receipt={receipt} zone={shownZone} />
      <SlipCommand command={receipt.reproduce} />
    </SlipPaper>
  );
}
