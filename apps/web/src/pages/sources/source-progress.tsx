import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { formatCount } from '@devpulse/ui/format/format-number';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';
import { useNow } from '../../use-now.ts';
import { describeRate, nameKind } from './describe-monitor.ts';

/** How far a reading is, how fast it goes and what is left; by kind where the source tells that. */
export function SourceProgress({ source, byKind }: { source: SourceView; byKind?: boolean }): ReactElement | null {
  const now = useNow(5_000);
  const { progress } = source;
  if (progress === null) return null;
  const rate = describeRate(progress, now);
  const left = rate === null ? null : [rate.rate, rate.rest].filter((part) => part !== null).join(', ');
  // Of what there is nothing, a bar would never move.
  const kinds = (progress.kinds ?? []).filter(({ total }) => total !== 0);
  return (
    <div className="source-progress">
      <ProgressBar
        label={byKind === true ? 'Newest first' : source.connectionId === null ? 'Reading' : 'Reading, newest first'}
        done={progress.done}
        total={progress.total}
        unit={source.connectionId === null ? 'commits' : 'records'}
        timeLeft={left}
      />
      {byKind === true && kinds.length > 0 && (
        <ul className="source-kinds" aria-label="By kind">
          {kinds.map(({ kind, done, total }) => (
            <li key={kind}>
              <span>{nameKind(kind)}</span>
              <ProgressBar label={nameKind(kind)} done={done} total={total} unit="" bare />
              <span className="end">
                {formatCount(done)}
                {total !== null && ` of ${formatCount(total)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
