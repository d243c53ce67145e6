import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeSource, sayState } from '../../frame/describe-source.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { sourcesQuery } from '../../queries.ts';
import { Link } from '../../router/link.tsx';
import { describePlan } from '../sources/describe-monitor.ts';
import { SourceProgress } from '../sources/source-progress.tsx';
import { SourceTrouble } from '../sources/source-trouble.tsx';

const shownAtOnce = 8;

/** What is being read with this connection now, what was planned for it, and what stands in its way. */
export function Reading({ connection }: { connection: ConnectionView }): ReactElement | null {
  const [isAll, setAll] = useState(false);
  const sources = (useQuery(sourcesQuery).data?.sources ?? []).filter((one) => one.connectionId === connection.id);
  const busy = sources.filter(({ state, progress }) => state !== 'ok' || progress !== null);
  if (sources.length === 0) return null;
  return (
    <section aria-labelledby="connection-reading">
      <header className="connection-bar">
        <h2 id="connection-reading">Being read</h2>
        <Link to={paths.sources} className="link">
          All sources
        </Link>
      </header>
      <p className="page-note" role="status">
        {busy.length === 0
          ? `${formatCount(sources.length)} ${nameUnit(sources.length, 'repositories')} in step with GitHub.`
          : `${formatCount(sources.length - busy.length)} of ${formatCount(sources.length)} ${nameUnit(sources.length, 'repositories')} in step. You may leave this page: reading goes on, also after a restart.`}
      </p>
      {busy.length > 0 && (
        <ul className="reading-list" aria-label="Being read">
          {busy
            .toSorted(bySize)
            .slice(0, isAll ? undefined : shownAtOnce)
            .map((source) => (
              <BeingRead key={source.id} source={source} />
            ))}
        </ul>
      )}
      {busy.length > shownAtOnce && !isAll && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {formatCount(busy.length)}</Button>
        </div>
      )}
    </section>
  );
}

/** What moves comes first. */
function bySize(one: SourceView, other: SourceView): number {
  return order.indexOf(one.state) - order.indexOf(other.state);
}
const order: SourceView['state'][] = ['reading', 'ok', 'failed', 'new', 'paused'];

function BeingRead({ source }: { source: SourceView }): ReactElement {
  const { me } = useViewer();
  const described = describeSource(source, me.effectiveZone, new Date());
  const { state } = described;
  return (
    <li>
      <div className="connection-bar">
        <Link to={paths.source} params={{ id: source.id }} className="link">
          {source.name}
        </Link>
        {state !== null && (
          <StateChip state={state}>{source.state === 'reading' ? 'Reading' : sayState(described)}</StateChip>
        )}
      </div>
      <SourceProgress source={source} byKind />
      {source.plan !== null && source.state !== 'ok' && <p className="page-note">{describePlan(source.plan)}</p>}
      <SourceTrouble source={source} />
    </li>
  );
}
