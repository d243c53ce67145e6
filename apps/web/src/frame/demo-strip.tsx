import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Strip } from '@devpulse/ui/strip.tsx';
import { api } from '../api.ts';
import { describeError } from '../api-error.ts';
import { paths } from '../paths.ts';
import { enterWorkspace } from './enter-workspace.ts';
import { useViewer } from './use-viewer.ts';

/** On every page of the demo: what is seen is made up, and the two ways out. */
export function DemoStrip(): ReactElement {
  const { session } = useViewer();
  const own = session.workspaces.find((workspace) => workspace.kind !== 'demo');
  const [asking, setAsking] = useState(false);
  const actions = (
    <span className="strip-actions">
      {own !== undefined && (
        <Button tone="quiet" onClick={() => void enterWorkspace(own.id)}>
          Use your own
        </Button>
      )}
      {session.runsInstance && (
        <Button tone="quiet" onClick={() => setAsking(true)}>
          Remove the demo
        </Button>
      )}
    </span>
  );
  return (
    <>
      <Strip tone="demo" action={actions}>
        You are looking at made-up data.
      </Strip>
      <RemoveDemo open={asking} onClose={() => setAsking(false)} />
    </>
  );
}

function RemoveDemo({ open, onClose }: { open: boolean; onClose: () => void }): ReactElement {
  const remove = useMutation({ mutationFn: () => api.removeDemo(), onSuccess: () => location.assign(paths.home) });
  return (
    <Dialog
      open={open}
      title="Remove the demo?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove the demo
          </Button>
        </>
      }
    >
      <p>
        The workspace with its made-up people, repositories and commits goes. Nothing of yours is touched, and the demo
        can be made again at any time.
      </p>
      {remove.isError && <ErrorNote title="The demo was not removed">{describeError(remove.error)}</ErrorNote>}
    </Dialog>
  );
}
