import '../connections/connections.css';
import './sources.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeSource, sayState } from '../../frame/describe-source.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { sourcesQuery } from '../../queries.ts';
import { Link } from '../../router/link.tsx';
import { useNavigate, useParam } from '../../router/use-router.ts';
import { AskedList } from '../settings/security/asked-list.tsx';
import { SourceActs } from './source-acts.tsx';
import { SourceExtent } from './source-extent.tsx';
import { SourceHook } from './source-hook.tsx';
import { SourceProgress } from './source-progress.tsx';
import { SourceTimes } from './source-times.tsx';
import { SourceTrouble } from './source-trouble.tsx';

/** One source: whether it is in step with where it is read from, how that is kept so, and how much of it is read. */
export function SourcePage(): ReactElement {
  const id = useParam('id');
  const query = useQuery(sourcesQuery);
  const source = query.data?.sources.find((one) => one.id === id);
  return (
    <>
      <PageHead title={source?.name ?? 'Source'} />
      <div className="page-body source-page">
        <p>
          <Link to={paths.sources} className="link">
            All sources
          </Link>
        </p>
        <AskedList what="The source" query={query}>
          {() => (source === undefined ? <NoSource /> : <Source source={source} />)}
        </AskedList>
      </div>
    </>
  );
}

function NoSource(): ReactElement {
  return (
    <EmptyState
      title="There is no such source here."
      action={
        <Link to={paths.sources} className="btn">
          See all sources
        </Link>
      }
    >
      It may have been removed. What was read from it stays until it is erased.
    </EmptyState>
  );
}

function Source({ source }: { source: SourceView }): ReactElement {
  const { me } = useViewer();
  const navigate = useNavigate();
  const mayManage = useMay('sources.manage');
  const described = describeSource(source, me.effectiveZone, new Date());
  const { state, words } = described;
  const home = addressOf(source);
  return (
    <>
      <section className="source-top" aria-label={source.name}>
        <p>
          {state === null ? (
            <span>In step as of {words}.</span>
          ) : (
            <StateChip state={state}>
              {source.state === 'reading' ? `Reading, ${words}` : sayState(described)}
            </StateChip>
          )}{' '}
          {home === null ? (
            <span className="mono">{source.place}</span>
          ) : (
            <a className="link" href={home} target="_blank" rel="noreferrer noopener">
              At GitHub
            </a>
          )}
        </p>
        {mayManage && <SourceActs source={source} onGone={() => void navigate({ to: paths.sources, replace: true })} />}
      </section>
      <SourceTrouble source={source} />
      {source.progress !== null && source.state !== 'paused' && (
        <section aria-labelledby="source-reading">
          <h2 id="source-reading">Reading</h2>
          <SourceProgress source={source} byKind />
          <p className="page-note">You may leave this page: reading goes on, also after a restart.</p>
        </section>
      )}
      <SourceTimes source={source} />
      {mayManage && source.connectionId !== null && <SourceHook source={source} />}
      {source.choices !== null && <SourceExtent source={source} choices={source.choices} />}
    </>
  );
}

/** Where it stands at GitHub; null for what is elsewhere. */
function addressOf({ connector, place, name }: SourceView): string | null {
  return connector === 'github' ? `https://${place.split('/')[0] ?? ''}/${name}` : null;
}
