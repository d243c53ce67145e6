import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeSource, sayState } from '../../frame/describe-source.ts';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { describePace } from './describe-monitor.ts';
import { SourceActs } from './source-acts.tsx';
import { SourceProgress } from './source-progress.tsx';
import { SourceTrouble } from './source-trouble.tsx';

/** One source: what it is, how it stands, how often it is looked at, and what can be done with it. */
export function SourceRow({ source }: { source: SourceView }): ReactElement {
  const { me } = useViewer();
  const mayManage = useMay('sources.manage');
  const now = new Date();
  const described = describeSource(source, me.effectiveZone, now);
  const { state, words } = described;
  return (
    <li className="source-row" id={source.id}>
      <div className="source-name">
        <h3>
          <Link to={paths.source} params={{ id: source.id }} className="link">
            {source.name}
          </Link>
        </h3>
        {/* Of a repository of GitHub that would be a number. */}
        {source.connectionId === null && source.connector === 'git' && (
          <p className="mono" title={source.place}>
            {source.place}
          </p>
        )}
        <p className="source-pace">{describePace(source, me.effectiveZone, now)}</p>
      </div>
      <div className="source-state">
        {state === null ? (
          <span>Looked at {words}</span>
        ) : (
          <StateChip state={state}>{wordOf(source) ?? sayState(described)}</StateChip>
        )}
        {state !== null && source.lastCheckedAt !== null && (
          <small>last looked at {formatInstant(source.lastCheckedAt, me.effectiveZone)}</small>
        )}
      </div>
      {mayManage && <SourceActs source={source} />}
      {source.state === 'reading' && source.progress !== null && (
        <div className="source-more">
          <SourceProgress source={source} />
        </div>
      )}
      <div className="source-more">
        <SourceTrouble source={source} />
      </div>
    </li>
  );
}

function wordOf({ state }: SourceView): string | undefined {
  if (state === 'reading') return 'Reading';
  return state === 'new' ? 'Waiting' : undefined;
}
