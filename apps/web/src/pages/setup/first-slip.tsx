import '@devpulse/ui/slip.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { DemoView } from '@devpulse/contract/wire/demo';
import type { SourceList, SourceView } from '@devpulse/contract/wire/sources';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { Icon } from '@devpulse/ui/icon.tsx';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';
import { SlipPaper, SlipPart } from '@devpulse/ui/slip-paper.tsx';
import { SlipSum } from '@devpulse/ui/slip-sum.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { receiptQuery } from '../../receipt/receipt-query.ts';
import { isBusy } from './derive-step.ts';

interface Props {
  sources: SourceList;
  demo: DemoView | undefined;
  /** The reader said which authors they are: the figure is theirs. */
  mine: boolean;
}

/** The first number, printed while it is still being counted, with the sum of how it came about so far. */
export function FirstSlip({ sources, demo, mine }: Props): ReactElement {
  const asked = useInfiniteQuery({
    ...receiptQuery({ metric: 'commits', subject: mine ? 'me' : 'workspace' }),
    enabled: sources.work.commits > 0,
    refetchInterval: isBusy(sources) ? 2_000 : false,
  });
  const receipt = asked.data?.pages[0];
  const busy = isBusy(sources);
  // A nought while days are still being counted says nothing yet; afterwards it is the answer.
  const known = receipt !== undefined && receipt.value !== null && (receipt.value > 0 || !busy);
  if (demo?.state === 'making' && sources.sources.length === 0) return <DemoSlip demo={demo} />;
  return (
    <SlipPaper label="First number">
      <div className="slip-title">
        <h3>Commits, the last 12 months</h3>
        <span>first number</span>
      </div>
      <p className="slip-figure">{known ? formatCount(receipt.value ?? 0) : <Unprinted busy={busy} />}</p>
      <p className="slip-state">
        {sources.sources.length === 0 ? (
          'Prints itself as soon as a source is read.'
        ) : (
          <Completeness sources={sources} busy={busy} mine={mine} />
        )}
      </p>
      {sources.sources.length > 0 && <Reading sources={sources} />}
      {known && (
        <SlipPart>
          <SlipSum
            found={{ label: 'Commits found', count: receipt.found }}
            leftOut={receipt.leftOut.map((line) => ({ key: line.reason, label: line.words, count: line.count }))}
            total={{ label: busy ? 'Counted so far' : 'Counted', count: receipt.n }}
          />
        </SlipPart>
      )}
      {busy && (
        <SlipPart>
          <p>You may leave this page; reading goes on, and starts where it stopped if the machine restarts.</p>
        </SlipPart>
      )}
    </SlipPaper>
  );
}

/** In place of the figure until there is one. */
function Unprinted({ busy }: { busy: boolean }): ReactElement {
  return (
    <>
      <span aria-hidden="true">—</span>
      {busy ? <span className="unit"> counting</span> : <span className="vh">Not known yet</span>}
    </>
  );
}

function Completeness({ sources, busy, mine }: { sources: SourceList; busy: boolean; mine: boolean }): ReactElement {
  const { commits } = sources.work;
  const whose = mine ? 'yours' : 'by everybody';
  const words =
    commits === 0 ? whose : `${whose}; ${formatCount(commits)} ${nameUnit(commits, 'commits')} known in all`;
  if (!busy) return <>{words}</>;
  return (
    <>
      <StateChip state="partial">Not complete</StateChip> {words}
    </>
  );
}

const shown = 8;

/** Every repository with how far it is, those that move first; then what is left to do with what was read. */
function Reading({ sources: { sources, work } }: { sources: SourceList }): ReactElement {
  const read = sources.filter((source) => source.state === 'ok').length;
  const sorted = sources.toSorted((one, other) => weigh(one) - weigh(other));
  const rest = sources.length - shown;
  return (
    <SlipPart title={read < sources.length ? 'Reading' : 'Read'} aside={`${read} of ${sources.length}`}>
      <ProgressBar
        bare
        label="Repositories read"
        done={wholeProgress(sources)}
        total={sources.length}
        unit="repositories"
      />
      <ul className="reading">
        {sorted.slice(0, shown).map((source) => (
          <ReadingLine key={source.id} source={source} />
        ))}
        {rest > 0 && (
          <li>
            <span />
            <span>{formatCount(rest)} more</span>
          </li>
        )}
      </ul>
      <ul className="reading-then">
        {work.pendingEvents > 0 && <li>Working in {sayAmount(work.pendingEvents, 'events')}</li>}
        {work.pendingEvents === 0 && work.pendingDays > 0 && <li>Counting {sayAmount(work.pendingDays, 'days')}</li>}
      </ul>
    </SlipPart>
  );
}

function sayAmount(amount: number, unit: string): string {
  return `${formatCount(amount)} ${nameUnit(amount, unit)}`;
}

function ReadingLine({ source }: { source: SourceView }): ReactElement {
  return (
    <li className={source.state === 'new' ? 'reading-waits' : undefined}>
      {source.state === 'ok' && <Icon name="check" size="small" />}
      {source.state === 'reading' && (
        <StateChip state="live" plain>
          {''}
        </StateChip>
      )}
      {source.state === 'failed' && <Icon name="failed" size="small" className="reading-failed" />}
      {(source.state === 'new' || source.state === 'paused') && <span />}
      <span className="mono">{source.name}</span>
      <span>{describeReading(source)}</span>
      {source.lastError !== null && source.state === 'failed' && (
        <span className="reading-error">{source.lastError.message}</span>
      )}
    </li>
  );
}

function describeReading({ state, progress }: SourceView): string {
  if (state === 'new') return 'waiting';
  if (state === 'paused') return 'paused';
  if (state === 'failed') return 'failed';
  if (state === 'ok') return '';
  if (progress === null) return 'reading';
  if (progress.total === null) return formatCount(progress.done);
  return `${formatCount(progress.done)} of ${formatCount(progress.total)}`;
}

/** Repositories read, with the parts of those under way. */
function wholeProgress(sources: readonly SourceView[]): number {
  return sources.reduce((sum, { state, progress }) => {
    if (state === 'ok') return sum + 1;
    if (progress === null || progress.total === null || progress.total === 0) return sum;
    return sum + Math.min(progress.done / progress.total, 1);
  }, 0);
}

function weigh(source: SourceView): number {
  return ['failed', 'reading', 'ok', 'new', 'paused'].indexOf(source.state);
}

function DemoSlip({ demo }: { demo: DemoView }): ReactElement {
  return (
    <SlipPaper label="The demo is being made">
      <div className="slip-title">
        <h3>Made-up data</h3>
        <span>demo</span>
      </div>
      <SlipPart>
        <ProgressBar
          label={demo.progress?.what ?? 'Beginning'}
          done={demo.progress?.done ?? 0}
          total={demo.progress?.total ?? null}
          unit=""
        />
        <p>It opens by itself when it is ready. You may leave this page.</p>
      </SlipPart>
    </SlipPaper>
  );
}
