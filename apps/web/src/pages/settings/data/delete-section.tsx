import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { DeletionPlan } from '@devpulse/contract/wire/data';
import { Button } from '@devpulse/ui/button.tsx';
import { enterWorkspace } from '../../../frame/enter-workspace.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { AskedList } from '../security/asked-list.tsx';
import { deletionQuery } from './data-api.ts';
import { DeleteDialog } from './delete-dialog.tsx';

/** What deleting the account would do, place by place, and the way there. */
export function DeleteSection(): ReactElement {
  const query = useQuery(deletionQuery);
  return (
    <div className="data-block">
      <p className="page-note">
        Your account, its sessions, devices and tokens go at once and for good, and with them your personal workspace
        and every number in it. Export your data first if you want to keep it.
      </p>
      <AskedList what="What would be deleted" query={query}>
        {(plan) => <Plan plan={plan} />}
      </AskedList>
    </div>
  );
}

function Plan({ plan }: { plan: DeletionPlan }): ReactElement {
  const [open, setOpen] = useState(false);
  const isBlocked = plan.workspaces.some(({ outcome }) => outcome === 'blocked');
  return (
    <>
      <ul className="data-list" aria-label="Your workspaces">
        {plan.workspaces.map((workspace) => (
          <li key={workspace.id} className="data-row">
            <div>
              <h3>{workspace.name}</h3>
              <p className={workspace.outcome === 'blocked' ? 'data-fault' : undefined}>{tell(workspace)}</p>
            </div>
            {workspace.outcome === 'blocked' && <WayOut workspaceId={workspace.id} />}
          </li>
        ))}
      </ul>
      {plan.ownsInstance && (
        <p className="page-note">
          You look after this DevPulse. Once you are gone, whoever holds the machine names the next owner there, with{' '}
          <code className="mono">npm run devpulse -- owner link</code>.
        </p>
      )}
      <div>
        <Button tone="danger" disabled={isBlocked} onClick={() => setOpen(true)}>
          Delete my account
        </Button>
      </div>
      {open && <DeleteDialog plan={plan} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Where a workspace is handed over or deleted. */
function WayOut({ workspaceId }: { workspaceId: string }): ReactElement {
  const { session } = useViewer();
  if (workspaceId !== session.workspace?.id)
    return <Button onClick={() => void enterWorkspace(workspaceId)}>Switch to it</Button>;
  return (
    <Link to={paths.workspaceGeneral} className="btn">
      Open its settings
    </Link>
  );
}

function tell({ kind, outcome, departedPeople }: DeletionPlan['workspaces'][number]): string {
  if (outcome === 'deleted') return 'Deleted with everything in it.';
  if (outcome === 'blocked') return 'You are its last owner: hand it over, or delete it, before you go.';
  if (kind === 'demo') return 'Made-up data; you leave it.';
  return departedPeople === 'anonymise'
    ? 'You leave it. Its commits stay and count; your name and address are taken out of them.'
    : 'You leave it. Its commits stay and count, under the name that git knows.';
}
