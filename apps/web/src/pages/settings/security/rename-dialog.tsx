import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../../api-error.ts';

interface Props {
  /** What is named: `session` or `device`. */
  what: string;
  now: string;
  onRename: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks what something shall be called; drawn only while it is asked. */
export function RenameDialog({ what, now, onRename, onClose }: Props): ReactElement {
  const [name, setName] = useState(now);
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const isEmpty = name.trim() === '';
  const rename = async (): Promise<void> => {
    if (isEmpty || state.busy) return;
    setState({ busy: true, error: null });
    try {
      await onRename(name.trim());
      onClose();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <Dialog
      open
      title={`Name this ${what}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button tone="primary" busy={state.busy} disabled={isEmpty} onClick={() => void rename()}>
            Save
          </Button>
        </>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <Field label="Name" help="Only you see it." error={isEmpty ? 'Type at least one letter.' : undefined}>
          {(ids) => (
            <TextInput {...ids} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          )}
        </Field>
      </form>
      {state.error !== null && <ErrorNote title="The name was not kept">{describeError(state.error)}</ErrorNote>}
    </Dialog>
  );
}
