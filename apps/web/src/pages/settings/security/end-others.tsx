import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { securityApi } from './security-api.ts';

interface Props {
  sessions: number;
  /** Null where it is not known. */
  devices: number | null;
  onClose: () => void;
}

/** Asks before everything else is signed out, and says what that does not end. */
export function EndOthers({ sessions, devices, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => securityApi.endOthers(),
    onSuccess: async (ended) => {
      onClose();
      addToast({
        text: `Signed out elsewhere: ${count(ended.sessions, 'session')}, ${count(ended.devices, 'device')}.`,
      });
      await client.invalidateQueries({ queryKey: ['security'] });
    },
  });
  return (
    <Dialog
      open
      title="Sign out everywhere else?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button tone="danger" busy={end.isPending} onClick={() => end.mutate()}>
            Sign out everywhere else
          </Button>
        </>
      }
    >
      <p>
        {count(sessions, 'other session')} and{' '}
        {devices === null ? 'every paired device' : count(devices, 'paired device')} end at once; devices have to be
        paired again. This session goes on. API tokens stay as they are: revoke those that should end, too.
      </p>
      {end.error !== null && <ErrorNote title="Nothing was signed out">{describeError(end.error)}</ErrorNote>}
    </Dialog>
  );
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}
