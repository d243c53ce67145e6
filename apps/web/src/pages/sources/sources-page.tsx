import './sources.css';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../api-error.ts';
import { SourceChoices } from '../../choose-source/source-choices.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { sourcesQuery } from '../../queries.ts';
import { SourceGroups } from './source-groups.tsx';

/** Everything that is read, how that stands, and what can be done about it. */
export function SourcesPage(): ReactElement {
  const { session } = useViewer();
  const { data, error, isPending, refetch } = useQuery(sourcesQuery);
  const [adding, setAdding] = useState(false);
  // The demo makes its own; what is real does not belong there.
  const isDemo = session.workspace?.kind === 'demo';
  const mayManage = useMay('sources.manage');
  return (
    <>
      <PageHead
        title="Sources"
        actions={
          // While there is none, the page itself asks for one.
          !isDemo &&
          mayManage &&
          (data === undefined || data.sources.length > 0) && (
            <Button tone="primary" icon="plus" onClick={() => setAdding(true)}>
              Add a source
            </Button>
          )
        }
      />
      <div className="page-body">
        {isPending && <Skeleton height="6rem" shape="block" />}
        {data === undefined && error !== null && (
          <ErrorNote
            title="The sources could not be listed"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {describeError(error)}
          </ErrorNote>
        )}
        {data !== undefined && data.sources.length === 0 && data.withheld === 0 && (
          <EmptyState
            title="Nothing is read yet."
            action={
              mayManage && (
                <Button tone="primary" onClick={() => setAdding(true)}>
                  Add a source
                </Button>
              )
            }
          >
            {describeNothing(mayManage, session.runsInstance)}
          </EmptyState>
        )}
        {data !== undefined && data.sources.length + data.withheld > 0 && (
          <>
            <p className="page-note" role="status">
              {describeWork(data)}
            </p>
            <SourceGroups sources={data.sources} />
            {data.withheld > 0 && (
              <p className="page-note">
                {formatCount(data.withheld)} more {data.withheld === 1 ? 'is' : 'are'} read for this workspace, of
                repositories that GitHub does not let you see.
              </p>
            )}
          </>
        )}
      </div>
      <Dialog open={adding} title="Add a source" size="wide" onClose={() => setAdding(false)}>
        <SourceChoices
          onAdded={() => setAdding(false)}
          withDemo={!session.workspaces.some(({ kind }) => kind === 'demo')}
        />
      </Dialog>
    </>
  );
}

/** What would bring a first number, for whoever is asked to see to it. */
function describeNothing(mayManage: boolean, runsInstance: boolean): string {
  if (!mayManage) return 'Owners and admins of the workspace add sources; its People page lists them.';
  return runsInstance
    ? 'A folder with git repositories on this machine is enough for a first number.'
    : 'A program can send events, or those who look after the instance have a folder read for this workspace.';
}

function describeWork({
  sources,
  work,
}: {
  sources: readonly unknown[];
  work: { pendingEvents: number; pendingDays: number; commits: number };
}): string {
  const known = `${formatCount(work.commits)} ${nameUnit(work.commits, 'commits')} from ${formatCount(sources.length)} ${nameUnit(sources.length, 'sources')}`;
  if (work.pendingEvents > 0)
    return `${known} so far; ${formatCount(work.pendingEvents)} ${nameUnit(work.pendingEvents, 'events')} still to work in.`;
  if (work.pendingDays > 0)
    return `${known}; ${formatCount(work.pendingDays)} ${nameUnit(work.pendingDays, 'days')} are being counted again.`;
  return `${known}. Everything that was read is counted.`;
}
