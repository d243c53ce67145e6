import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { workspaceApi } from './workspace-api.ts';

/** A personal workspace is for one; this is how it becomes one for several, with everything in it. */
export function BecomeTeam(): ReactElement {
  const { workspace } = useViewer();
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState('');
  const become = useMutation({
    mutationFn: () => workspaceApi.becomeTeam(name.trim()),
    // The list of workspaces, roles and pages is another one now.
    onSuccess: () => location.assign(paths.workspacePeople),
  });
  return (
    <div className="workspace-act">
      <p>
        This is your personal workspace: nobody else can be invited into it. Make it a team’s to keep what is in it and
        work on it with others, or make a new workspace from the switcher.
      </p>
      <Button onClick={() => setAsking(true)}>Make it a team’s workspace</Button>
      <Dialog
        open={asking}
        title={`Make ${workspace.name} a team’s workspace?`}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it personal</Button>
            <Button
              tone="primary"
              type="submit"
              form="become-team"
              disabled={name.trim() === ''}
              busy={become.isPending}
            >
              Make it a team’s
            </Button>
          </>
        }
      >
        <form
          id="become-team"
          className="workspace-act"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '' && !become.isPending) become.mutate();
          }}
        >
          <p>
            Everything in it stays, and you are its owner. Whoever you invite then sees the numbers of the workspace as
            a whole; numbers of single people are only for themselves, their managers, admins and owners. You get a new,
            empty personal workspace. This cannot be taken back.
          </p>
          <Field label="Name of the team’s workspace">
            {(ids) => (
              <TextInput
                {...ids}
                autoComplete="off"
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        </form>
        {become.error !== null && <ErrorNote title="It stays personal">{describeError(become.error)}</ErrorNote>}
      </Dialog>
    </div>
  );
}
