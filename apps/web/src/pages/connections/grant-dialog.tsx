import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../api-error.ts';
import { connectionsApi } from './connections-api.ts';
import { Reason } from './reason.tsx';

interface Props {
  ways: ConnectionList['ways'];
  /** The one that is to be granted more; left out for another. */
  connection?: ConnectionView;
  onClose: () => void;
}

/** What GitHub will be asked for, each scope with its reason, before the browser goes there. */
export function GrantDialog({ ways, connection, onClose }: Props): ReactElement {
  const held = connection?.grants.filter(({ granted }) => granted === 'yes').map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    connection === undefined ? ways.scopes.filter(({ usual }) => usual).map(({ name }) => name) : held,
  );
  const start = useMutation({
    mutationFn: () =>
      connectionsApi.start({
        scopes: [...chosen],
        ...(connection === undefined ? {} : { connectionId: connection.id }),
      }),
    onSuccess: ({ url }) => location.assign(url),
  });
  return (
    <Dialog
      open
      size="wide"
      title={connection === undefined ? 'Connect through GitHub’s page' : `Grant ${connection.account.login} more`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" busy={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
            Go on to GitHub
          </Button>
        </>
      }
    >
      <div className="grant-form">
        <p>
          GitHub asks you whether you agree, and sends you back. Public repositories need none of these. GitHub has no
          scope that only reads; DevPulse writes nothing but the webhooks you ask for.
        </p>
        <fieldset>
          <legend className="field-label">What is asked for</legend>
          {ways.scopes.map(({ name, reason }) => (
            <Checkbox
              key={name}
              label={<span className="mono">{name}</span>}
              help={<Reason text={reason} />}
              checked={chosen.includes(name)}
              disabled={held.includes(name)}
              onChange={(event) =>
                setChosen(event.currentTarget.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
              }
            />
          ))}
        </fieldset>
        {start.error !== null && <ErrorNote title="GitHub was not asked">{describeError(start.error)}</ErrorNote>}
      </div>
    </Dialog>
  );
}
