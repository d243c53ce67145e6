import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { paths } from '../paths.ts';
import { sourcesQuery } from '../queries.ts';
import { describeSource } from './describe-source.ts';
import { useMay } from './use-may.ts';
import { useViewer } from './use-viewer.ts';
import { Link } from '../router/link.tsx';

const shownSources = 6;

/** Every source with its state, those that need a look first. */
export function SourceStates(): ReactElement {
  const { me } = useViewer();
  const mayManage = useMay('sources.manage');
  const { data } = useQuery(sourcesQuery);
  const sources = data?.sources ?? [];
  // The rest is one link away.
  const sorted = sources.toSorted((one, other) => weigh(one.state) - weigh(other.state));
  const more = sources.length - shownSources;
  const now = new Date();
  return (
    <section className="side-sources" aria-labelledby="side-sources">
      <div className="side-head">
        <h2 id="side-sources">Sources</h2>
        {data !== undefined && <Work pending={data.work} />}
      </div>
      <ul>
        {sorted.slice(0, shownSources).map((source) => {
          const { state, words } = describeSource(source, me.effectiveZone, now);
          return (
            <li key={source.id}>
              <Link to={paths.sources} hash={source.id} title={source.name}>
                {source.name}
              </Link>
              {state === null ? (
                <span>{words}</span>
              ) : (
                <StateChip state={state} plain>
                  {words}
                </StateChip>
              )}
            </li>
          );
        })}
        {more > 0 && (
          <li>
            <Link to={paths.sources}>{formatCount(more)} more</Link>
          </li>
        )}
        {data !== undefined && sources.length === 0 && (
          <li>{mayManage ? <Link to={paths.sources}>Add one</Link> : <span>None yet</span>}</li>
        )}
      </ul>
    </section>
  );
}

function Work({ pending }: { pending: { pendingEvents: number; pendingDays: number } }): ReactElement | null {
  if (pending.pendingEvents > 0) return <Left amount={pending.pendingEvents} unit="events" to="to work in" />;
  if (pending.pendingDays > 0) return <Left amount={pending.pendingDays} unit="days" to="to count" />;
  return null;
}

function Left({ amount, unit, to }: { amount: number; unit: string; to: string }): ReactElement {
  return (
    <p className="side-work">
      {formatCount(amount)} {nameUnit(amount, unit)} {to}
    </p>
  );
}

function weigh(state: string): number {
  return ['failed', 'reading', 'new', 'paused', 'ok'].indexOf(state);
}
