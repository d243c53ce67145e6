import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { workspaceApi } from './workspace-api.ts';

/** Deletes everything, once the name was typed. */
export function DeleteWorkspace(): ReactElement {
  const { workspace } = useViewer();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => workspaceApi.remove(typed),
    onSuccess: () => location.assign(paths.home),
  });
  const fits = typed.trim() === workspace.name;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fits && !remove.isPending) remove.mutate();
  };
  const close = (): void => {
    setAsking(false);
    setTyped('');
    remove.reset();
  };
  return (
    <div className="workspace-act">
      <p>Everything in it goes for everybody: sources, numbers, people, invitations, its audit log.</p>
      <Button tone="danger" onClick={() => setAsking(true)}>
        Delete {workspace.name}
      </Button>
      <Dialog
        open={asking}
        title={`Delete ${workspace.name}?`}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button tone="danger" type="submit" form="delete-workspace" disabled={!fits} busy={remove.isPending}>
              Delete for good
            </Button>
          </>
        }
      >
        <form id="delete-workspace" noValidate onSubmit={submit}>
          <p>
            Nothing of it can be had back. Repositories on disk are not touched. Export what you want to keep first,
            under Settings, Your data.
          </p>
          <Field
            label={
              <>
                Type <b>{workspace.name}</b>
              </>
            }
          >
            {(ids) => (
              <TextInput
                {...ids}
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        </form>
        {remove.error !== null && <ErrorNote title="Nothing was deleted">{describeError(remove.error)}</ErrorNote>}
      </Dialog>
    </div>
  );
}
