import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { enterWorkspace } from '../../frame/enter-workspace.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { useNavigate, useParam } from '../../router/use-router.ts';
import { workspaceApi } from './workspace-api.ts';

/** Leads from the address of a workspace, a former one included, into it. */
export function OpenWorkspacePage(): ReactElement {
  const slug = useParam('slug');
  const { session, workspace } = useViewer();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['place', slug],
    queryFn: () => workspaceApi.find(slug),
    retry: false,
  });
  useEffect(() => {
    if (data === undefined) return;
    if (data.id === session.workspace?.id) void navigate({ to: paths.home, replace: true });
    else void enterWorkspace(data.id);
  }, [data, session.workspace?.id, navigate]);
  const unknown = error instanceof ApiError && error.status === 404;
  return (
    <>
      <PageHead title={unknown ? 'No workspace here' : 'Opening the workspace'} />
      <div className="page-body">
        {unknown && (
          <EmptyState
            title={`You have no workspace at “${slug}”`}
            action={
              <Link to={paths.home} className="btn">
                Stay in {workspace.name}
              </Link>
            }
          >
            It may be another one’s, or nobody’s; only its members are told. Ask whoever sent you the link to invite
            you.
          </EmptyState>
        )}
        {error !== null && !unknown && (
          <ErrorNote
            title="It could not be looked for"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {describeError(error)}
          </ErrorNote>
        )}
      </div>
    </>
  );
}
