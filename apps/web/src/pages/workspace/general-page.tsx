import '../settings/settings.css';
import type { ReactElement } from 'react';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { weekdays } from '../../zones.ts';
import { BecomeTeam } from './become-team.tsx';
import { DeleteWorkspace } from './delete-workspace.tsx';
import { HandOver } from './hand-over.tsx';
import { LeaveWorkspace } from './leave-workspace.tsx';
import { WorkspaceForm } from './workspace-form.tsx';

/** Name, address and calendar of the workspace, and what only an owner decides. */
export function GeneralPage(): ReactElement {
  const { workspace } = useViewer();
  const mayChange = useMay('workspace.change');
  const owns = useMay('workspace.own');
  const isTeam = workspace.kind === 'team';
  return (
    <div className="page-body settings">
      <section aria-labelledby="workspace-settings">
        <h2 id="workspace-settings">Workspace</h2>
        {mayChange ? <WorkspaceForm /> : <WorkspaceFacts />}
      </section>
      {owns && workspace.kind === 'personal' && (
        <section aria-labelledby="workspace-team">
          <h2 id="workspace-team">With others</h2>
          <BecomeTeam />
        </section>
      )}
      {isTeam && owns && (
        <section aria-labelledby="workspace-handover">
          <h2 id="workspace-handover">Hand over</h2>
          <HandOver />
        </section>
      )}
      {isTeam && (
        <section aria-labelledby="workspace-leave">
          <h2 id="workspace-leave">Leave</h2>
          <LeaveWorkspace />
        </section>
      )}
      {isTeam && owns && (
        <section aria-labelledby="workspace-delete">
          <h2 id="workspace-delete">Delete</h2>
          <DeleteWorkspace />
        </section>
      )}
    </div>
  );
}

/** The same to read, for whoever may not change it. */
function WorkspaceFacts(): ReactElement {
  const { workspace, session } = useViewer();
  return (
    <dl className="workspace-facts">
      <dt>Name</dt>
      <dd>{workspace.name}</dd>
      <dt>Address</dt>
      <dd className="mono">{workspace.slug === null ? 'none' : `${location.host}/w/${workspace.slug}`}</dd>
      <dt>Time zone</dt>
      <dd>{workspace.zone}</dd>
      <dt>Weeks start on</dt>
      <dd>{weekdays[workspace.weekStart - 1]}</dd>
      <dt>Your role</dt>
      <dd>{session.workspace?.role ?? 'none'}; owners and admins change what stands here</dd>
    </dl>
  );
}
