import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { membersQuery, workspaceApi } from './workspace-api.ts';

/** Goes, by one’s own choice; what was done stays. */
export function LeaveWorkspace(): ReactElement {
  const { me, workspace } = useViewer();
  const { data: members } = useQuery(membersQuery);
  const [asking, setAsking] = useState(false);
  const leave = useMutation({
    mutationFn: () => workspaceApi.leave(),
    // The session goes on in another workspace: nothing of this one stays in memory.
    onSuccess: () => location.assign(paths.home),
  });
  const owners = (members ?? []).filter((one) => one.role === 'owner' && one.state === 'active');
  if (owners.length === 1 && owners[0]?.personId === me.id)
    return (
      <p className="page-note">
        You are its only owner, and a workspace has at least one. Make somebody else an owner first, or delete it.
      </p>
    );
  return (
    <div className="workspace-act">
      <p className="page-note">
        Once you have left you see nothing of it. What you did stays, and whoever runs it can invite you again.
      </p>
      <Button onClick={() => setAsking(true)}>Leave {workspace.name}</Button>
      <Dialog
        open={asking}
        title={`Leave ${workspace.name}?`}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Stay</Button>
            <Button tone="danger" busy={leave.isPending} onClick={() => leave.mutate()}>
              Leave
            </Button>
          </>
        }
      >
        <p>
          Your tokens for it stop working at once. To come back you need an invitation. Invitations that you made and
          nobody accepted yet end.
        </p>
        {leave.error !== null && <ErrorNote title="You are still here">{describeError(leave.error)}</ErrorNote>}
      </Dialog>
    </div>
  );
}
