import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { paths } from '../../paths.ts';
import { useNavigate } from '../../router/use-router.ts';
import { connectionsApi, connectionsKey, type Disconnected } from './connections-api.ts';

interface Props {
  connection: ConnectionView;
  /** Also what was read with it. */
  erases: boolean;
  onClose: () => void;
}

/** Names what goes, what stays, and what is left to do at GitHub. */
export function EndConnection({ connection, erases, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const { login } = connection.account;
  const end = useMutation({
    mutationFn: () =>
      erases ? connectionsApi.erase(connection.id, typed.trim()) : connectionsApi.disconnect(connection.id),
    onSuccess: async (ended) => {
      onClose();
      addToast({ text: tell(login, ended, erases) });
      if (erases) await navigate({ to: paths.connections });
      // Sources and their numbers with it.
      await client.invalidateQueries({ queryKey: ['sources'] });
      await client.invalidateQueries({ queryKey: connectionsKey });
    },
  });
  const read = `${formatCount(connection.sources)} ${nameUnit(connection.sources, 'repositories')}`;
  return (
    <Dialog
      open
      title={erases ? `Erase ${login} with what was read?` : `Disconnect ${login}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            tone="danger"
            busy={end.isPending}
            disabled={erases && typed.trim() !== login}
            onClick={() => end.mutate()}
          >
            {erases ? `Erase ${login}` : `Disconnect ${login}`}
          </Button>
        </>
      }
    >
      {erases ? (
        <div className="grant-form">
          <p>
            The tokens go at once. Everything that was read with this connection, {read} of it now, is erased with every
            number made of it, and there is no way back. What other sources have read as well stays.
          </p>
          <Field label={`Type ${login} to confirm`}>
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
        </div>
      ) : (
        <p>
          What was read stays, and so does every number made of it; nothing new arrives from {read}. The tokens are
          forgotten at once. You can connect the same account again at any time: reading goes on where it stopped.
        </p>
      )}
      {end.error !== null && (
        <ErrorNote title={erases ? 'It was not erased' : 'It is still connected'}>{describeError(end.error)}</ErrorNote>
      )}
    </Dialog>
  );
}

function tell(login: string, { left }: Disconnected, erases: boolean): string {
  const done = erases
    ? `${login} is cut off, and what was read with it is being erased.`
    : `${login} is disconnected; what was read stays.`;
  return left === null ? done : `${done} ${left}`;
}
