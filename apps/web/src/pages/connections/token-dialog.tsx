import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { useNavigate } from '../../router/use-router.ts';
import { connectionsApi, connectionsKey } from './connections-api.ts';
import { Reason } from './reason.tsx';

interface Props {
  ways: ConnectionList['ways'];
  /** The one whose token is replaced; left out for another. */
  connection?: ConnectionView;
  onClose: () => void;
}

/** A token is pasted once, checked by GitHub, and never shown again. */
export function TokenDialog({ ways, connection, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [token, setToken] = useState('');
  const [tried, setTried] = useState(false);
  const add = useMutation({
    mutationFn: () =>
      connectionsApi.addToken({
        token: token.trim(),
        ...(connection === undefined ? {} : { connectionId: connection.id }),
      }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: connectionsKey });
      onClose();
      if (connection === undefined) await navigate({ to: paths.connection, params: { id } });
    },
  });
  const submit = (): void => {
    setTried(true);
    if (token.trim() !== '' && !add.isPending) add.mutate();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit();
  };
  const fault = tried && token.trim() === '' ? 'Paste a token.' : add.error === null ? undefined : faultOf(add.error);
  return (
    <Dialog
      open
      size="wide"
      title={connection === undefined ? 'Connect with a token' : `A new token for ${connection.account.login}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" busy={add.isPending} onClick={submit}>
            {add.isPending ? 'Asking GitHub whose it is' : 'Connect'}
          </Button>
        </>
      }
    >
      <form className="grant-form" noValidate onSubmit={onSubmit}>
        <Field
          label="Personal access token"
          help="GitHub is asked whose it is and what it may. It is kept sealed and never shown again."
          error={fault}
        >
          {(ids) => (
            <TextInput
              {...ids}
              mono
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={token}
              onChange={(event) => {
                setToken(event.currentTarget.value);
                setTried(false);
                add.reset();
              }}
            />
          )}
        </Field>
        <p>
          Make one at GitHub:{' '}
          <a className="link" href={ways.newTokenUrl} target="_blank" rel="noreferrer noopener">
            a classic token
          </a>{' '}
          with the usual scopes ticked, or{' '}
          <a className="link" href={ways.newFineGrainedTokenUrl} target="_blank" rel="noreferrer noopener">
            a fine-grained one
          </a>{' '}
          for one owner and chosen repositories. Give it an end: what was missed is read once you paste the next.
        </p>
        <Needs title="Scopes of a classic token" needs={ways.scopes} />
        <Needs
          title="Permissions of a fine-grained token"
          needs={ways.permissions.map(({ name, reason, required, access }) => ({
            name,
            reason,
            usual: required,
            note: access === 'write' ? 'read and write' : 'read-only',
          }))}
        />
      </form>
    </Dialog>
  );
}

function Needs(props: {
  title: string;
  needs: readonly { name: string; reason: string; usual: boolean; note?: string }[];
}): ReactElement {
  return (
    <details className="grants">
      <summary>{props.title}</summary>
      <ul>
        {props.needs.map(({ name, reason, usual, note }) => (
          <li key={name}>
            <p>
              <b className="mono">{name}</b>
              {note !== undefined && `, ${note}`}
              {usual && ', recommended'}
              <small>
                <Reason text={reason} />
              </small>
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}

function faultOf(error: unknown): string {
  if (!(error instanceof ApiError)) return describeError(error);
  return error.faultOf('token') ?? describeError(error);
}
