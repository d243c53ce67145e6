import type { ReactElement, ReactNode } from 'react';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { formatInstant } from './format/format-instant.ts';
import { formatCount, nameUnit } from './format/format-number.ts';
import { SlipPart } from './slip-paper.tsx';

/** How much was looked at, what is not known, and how fresh it is. */
export function SlipCoverage({ receipt, zone }: { receipt: Receipt; zone: string }): ReactElement {
  const { coverage, freshness } = receipt;
  const read = coverage.repositories - coverage.repositoriesUnread;
  const pending = freshness.pendingEvents + freshness.pendingDays;
  return (
    <SlipPart>
      <dl className="facts">
        <Line name="Coverage">
          {formatCount(read)} of {formatCount(coverage.repositories)} {nameUnit(coverage.repositories, 'repositories')}
        </Line>
        <Line name="Days with records">
          {formatCount(coverage.daysWithRecords)} of {formatCount(coverage.days)}
        </Line>
        <Line name="Not known">
          {coverage.unknown.length === 0
            ? 'nothing that we know of'
            : coverage.unknown.map((gap) => `${formatCount(gap.count)} ${gap.what}`).join('; ')}
        </Line>
        {receipt.withheld > 0 && (
          <Line name="Not shown">
            {formatCount(receipt.withheld)} {nameUnit(receipt.withheld, 'records')} in repositories you cannot see
          </Line>
        )}
        <Line name="Fresh">
          {freshness.asOf === null
            ? 'no source has been looked at yet'
            : `checked ${formatInstant(freshness.asOf, zone)}`}
          {freshness.lastRecordAt !== null && `, newest record ${formatInstant(freshness.lastRecordAt, zone)}`}
        </Line>
        {pending > 0 && (
          <Line name="Being worked in">
            {formatCount(freshness.pendingEvents)} {nameUnit(freshness.pendingEvents, 'events')},{' '}
            {formatCount(freshness.pendingDays)} {nameUnit(freshness.pendingDays, 'days')}
          </Line>
        )}
      </dl>
    </SlipPart>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
