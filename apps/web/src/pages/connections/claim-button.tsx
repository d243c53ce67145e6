import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Button, type ButtonProps } from '@devpulse/ui/button.tsx';
import { describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { useNavigate } from '../../router/use-router.ts';
import { connectionsApi, connectionsKey } from './connections-api.ts';

/** Gives an installation of the App to this workspace, and leads to what it reaches. */
export function ClaimButton({ number, tone, name }: { number: string; name?: string } & ButtonProps): ReactElement {
  const client = useQueryClient();
  const navigate = useNavigate();
  const claim = useMutation({
    mutationFn: () => connectionsApi.claim(number),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: connectionsKey });
      await navigate({ to: paths.connection, params: { id } });
    },
  });
  return (
    <div className="connection-act">
      <Button
        tone={tone}
        busy={claim.isPending}
        onClick={() => claim.mutate()}
        aria-label={name === undefined ? undefined : `Claim it: ${name}`}
      >
        Claim it
      </Button>
      {claim.error !== null && (
        <p className="field-error" role="alert">
          {describeError(claim.error)}
        </p>
      )}
    </div>
  );
}
