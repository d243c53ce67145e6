import type { ReactElement, ReactNode } from 'react';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { StripPlot } from './charts/strip-plot.tsx';
import { FigureParts } from './figure-parts.tsx';
import { formatFullRange } from './format/format-day.ts';
import { formatValue, nameUnit, splitExact, unknownMark } from './format/format-number.ts';
import { StateChip } from './state-chip.tsx';

/** Below this many, quantiles say nothing and the values themselves are shown. */
const fewest = 5;

/** Name and version, the figure, the rule in words, window and zone, and how the records are spread. */
export function SlipHead(props: { receipt: Receipt; ruleHref?: string | undefined; note?: ReactNode }): ReactElement {
  const { receipt, ruleHref, note } = props;
  const { value, unit, state, stateReason } = receipt;
  const parts = value === null ? [{ number: unknownMark, unit: '' }] : splitExact(value, unit);
  return (
    <>
      <div className="slip-title">
        <h3>
          {receipt.title}
          {receipt.part && <span className="slip-of"> · {receipt.part}</span>}
        </h3>
        <span>version {receipt.version}</span>
      </div>
      <p className="slip-figure">
        <FigureParts parts={parts} />
      </p>
      {(note || (state !== 'ok' && state !== 'empty')) && (
        <p className="slip-state">
          {note ?? (
            <>
              <StateChip state={state} /> {stateReason && <span>{stateReason}</span>}
            </>
          )}
        </p>
      )}
      <p>
        {receipt.definition} {ruleHref && <a href={ruleHref}>Full rule</a>}
      </p>
      <p className="slip-window">
        {formatFullRange(receipt.from, receipt.to)}, for {receipt.subject.name}; days are cut in {receipt.subject.zone}
      </p>
      <Spread receipt={receipt} />
    </>
  );
}

/** Only records that differ in size have a spread: a commit that counts 1 has none. */
function Spread({ receipt }: { receipt: Receipt }): ReactElement | null {
  const { records, unit, kind, nextCursor, value } = receipt;
  if (kind !== 'samples' || records.length === 0) return null;
  const isWhole = nextCursor === null;
  if (records.length < fewest && isWhole) {
    const shown = records.map((record) => formatValue(record.value, unit)).join(', ');
    return (
      <p className="slip-spread">
        {records.length} {nameUnit(records.length, 'cases')}: {shown}. Too few for a distribution.
      </p>
    );
  }
  return (
    <div className="slip-spread">
      <StripPlot
        label={`${receipt.title}, ${isWhole ? 'all' : 'the first'} ${records.length} records on one line`}
        unit={unit}
        records={records.map((record) => ({ key: record.item, label: record.label, value: record.value }))}
        mark={value ?? undefined}
      />
    </div>
  );
}
