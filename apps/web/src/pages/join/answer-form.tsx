import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { SessionView } from '@devpulse/contract/wire/session';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { addToast } from '../../frame/toasts.ts';
import { paths } from '../../paths.ts';
import { rememberInvitation } from '../../remember-invitation.ts';
import { rememberSignedIn } from '../../remember-signed-in.ts';
import { guessZone } from '../../zones.ts';
import { workspaceApi } from '../workspace/workspace-api.ts';
import { DeclineButton } from './decline-button.tsx';

interface Props {
  secret: string;
  onDeclined: () => void;
  account: SessionView['account'];
}

/** Accepting as who is signed in, declining, or being somebody else. */
export function AnswerForm({ secret, onDeclined, account }: Props): ReactElement {
  const accept = useMutation({
    mutationFn: () => workspaceApi.accept(secret, guessZone()),
    onSuccess: () => {
      rememberInvitation(null);
      location.assign(paths.home);
    },
  });
  const leave = useMutation({
    mutationFn: () => api.signOut(),
    onSuccess: () => {
      rememberSignedIn(false);
      // The invitation stays in the tab.
      location.assign(paths.join);
    },
    onError: (error) => addToast({ text: `You are still signed in. ${describeError(error)}` }),
  });
  const refused = accept.error instanceof ApiError && accept.error.status === 403;
  return (
    <>
      {accept.error !== null && (
        <ErrorNote title={refused ? 'This account cannot accept it' : 'It was not accepted'}>
          {describeError(accept.error)}
        </ErrorNote>
      )}
      <div className="door-ways">
        <Button tone="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Accept as {account?.name ?? 'who is signed in'}
        </Button>
        <DeclineButton secret={secret} onDeclined={onDeclined} />
      </div>
      {accept.error !== null && (
        <p className="door-quiet">
          <a className="link" href={paths.home} onClick={() => rememberInvitation(null)}>
            Go to DevPulse without it
          </a>
        </p>
      )}
      <p className="door-quiet">
        You are signed in{account?.email == null ? '' : ` as ${account.email}`}.{' '}
        <button type="button" className="btn-link" onClick={() => leave.mutate()}>
          Use another account
        </button>
      </p>
    </>
  );
}
