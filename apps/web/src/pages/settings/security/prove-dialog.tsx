import { useState, type ReactElement, type ReactNode } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { OwnPasswordField } from './own-password-field.tsx';

interface Props {
  title: string;
  children?: ReactNode;
  /** The act, on its button. */
  act: string;
  tone?: 'primary' | 'danger';
  onProved: (password: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the password before something that whoever finds a browser open must not be able to do. */
export function ProveDialog({ title, children, act, tone = 'primary', onProved, onClose }: Props): ReactElement {
  const [password, setPassword] = useState('');
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const fault = state.error instanceof ApiError ? state.error.faultOf('password') : undefined;
  const prove = async (): Promise<void> => {
    if (password === '' || state.busy) return;
    setState({ busy: true, error: null });
    try {
      await onProved(password);
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button tone={tone} busy={state.busy} disabled={password === ''} onClick={() => void prove()}>
            {act}
          </Button>
        </>
      }
    >
      <div className="prove">
        {children}
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void prove();
          }}
        >
          <OwnPasswordField value={password} onChange={setPassword} isWrong={fault !== undefined} />
        </form>
        {state.error !== null && fault === undefined && (
          <ErrorNote title="That was not done">{describeError(state.error)}</ErrorNote>
        )}
      </div>
    </Dialog>
  );
}
