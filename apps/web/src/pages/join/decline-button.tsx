import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { describeError } from '../../api-error.ts';
import { rememberInvitation } from '../../remember-invitation.ts';
import { workspaceApi } from '../workspace/workspace-api.ts';

/** Turns the invitation down; needs no account. */
export function DeclineButton({ secret, onDeclined }: { secret: string; onDeclined: () => void }): ReactElement {
  const decline = useMutation({
    mutationFn: () => workspaceApi.decline(secret),
    onSuccess: () => {
      rememberInvitation(null);
      onDeclined();
    },
  });
  return (
    <>
      <Button tone="quiet" busy={decline.isPending} onClick={() => decline.mutate()}>
        Decline
      </Button>
      <p className="field-error" aria-live="polite">
        {decline.error === null ? '' : describeError(decline.error)}
      </p>
    </>
  );
}
