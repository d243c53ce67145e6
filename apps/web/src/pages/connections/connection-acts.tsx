import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { ClaimButton } from './claim-button.tsx';
import { connectionsApi, connectionsKey } from './connections-api.ts';
import { type WayBack, wayBackOf } from './describe-connection.ts';
import { EndConnection } from './end-connection.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';

interface Props {
  connection: ConnectionView;
  ways: ConnectionList['ways'];
  /** On its own page there is no need for a way to it. */
  isOwnPage?: boolean;
}

type Asking = 'grant' | 'token' | 'disconnect' | 'erase' | null;

/** What can be done with a connection; the way back, where it needs one, comes first. */
export function ConnectionActs({ connection, ways, isOwnPage = false }: Props): ReactElement {
  const [asking, setAsking] = useState<Asking>(null);
  const { account, kind, state } = connection;
  const back = wayBackOf(connection);
  const isOpen = kind === 'app' || connection.mine;
  return (
    <div className="connection-acts">
      {isOpen && back !== null && back !== 'check' && (
        <BackButton back={back} connection={connection} ways={ways} onAsk={setAsking} />
      )}
      {!isOwnPage && isOpen && connection.isReading && (
        <Link to={paths.connection} params={{ id: connection.id }} className="btn">
          Repositories
        </Link>
      )}
      {state !== 'disconnected' && <CheckButton connection={connection} isNext={back === 'check'} />}
      <Menu label={`${account.login}: menu`} items={itemsOf(connection, ways, setAsking)} />
      {asking === 'grant' && <GrantDialog ways={ways} connection={connection} onClose={() => setAsking(null)} />}
      {asking === 'token' && <TokenDialog ways={ways} connection={connection} onClose={() => setAsking(null)} />}
      {(asking === 'disconnect' || asking === 'erase') && (
        <EndConnection connection={connection} erases={asking === 'erase'} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

function itemsOf(
  connection: ConnectionView,
  ways: ConnectionList['ways'],
  onAsk: (asking: Asking) => void,
): MenuItem[] {
  const { kind, form, mine, state } = connection;
  const isCut = state === 'disconnected';
  return [
    ...(kind === 'oauth' && form === 'oauth' && mine && ways.oauth && !isCut
      ? [{ id: 'grant', label: 'Grant more', icon: 'plus' as const, onSelect: () => onAsk('grant') }]
      : []),
    ...(kind === 'token' && mine && !isCut
      ? [{ id: 'token', label: 'Replace the token', icon: 'copy' as const, onSelect: () => onAsk('token') }]
      : []),
    ...(isCut
      ? []
      : [{ id: 'disconnect', label: 'Disconnect', icon: 'offline' as const, onSelect: () => onAsk('disconnect') }]),
    {
      id: 'erase',
      label: 'Erase with what was read',
      icon: 'bin',
      tone: 'danger',
      parted: true,
      onSelect: () => onAsk('erase'),
    },
  ];
}

function CheckButton({ connection, isNext }: { connection: ConnectionView; isNext: boolean }): ReactElement {
  const client = useQueryClient();
  const { login } = connection.account;
  const check = useMutation({
    mutationFn: () => connectionsApi.check(connection.id),
    onSuccess: ({ state, message }) =>
      addToast({ text: state === 'ok' ? `GitHub accepts ${login}.` : `${login}: ${message}` }),
    onError: (error) => addToast({ text: `${login} could not be checked. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: connectionsKey }),
  });
  return (
    <Button
      tone={isNext ? 'primary' : 'plain'}
      busy={check.isPending}
      onClick={() => check.mutate()}
      aria-label={`Check now: ${login}`}
    >
      Check now
    </Button>
  );
}

interface BackProps {
  back: WayBack;
  connection: ConnectionView;
  ways: ConnectionList['ways'];
  onAsk: (asking: Asking) => void;
}

function BackButton({ back, connection, ways, onAsk }: BackProps): ReactElement | null {
  const { account, installation, state, id } = connection;
  const start = useMutation({
    mutationFn: () => connectionsApi.start({ connectionId: id }),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => addToast({ text: `GitHub could not be asked. ${describeError(error)}` }),
  });
  switch (back) {
    case 'grant':
      return (
        <Button
          tone="primary"
          busy={start.isPending || start.isSuccess}
          onClick={() => start.mutate()}
          aria-label={`${state === 'narrowed' ? 'Grant it again' : 'Reconnect'}: ${account.login}`}
        >
          {state === 'narrowed' ? 'Grant it again' : 'Reconnect'}
        </Button>
      );
    case 'token':
      return (
        <Button tone="primary" onClick={() => onAsk('token')} aria-label={`Paste a new token: ${account.login}`}>
          Paste a new token
        </Button>
      );
    case 'claim':
      if (state === 'disconnected' && installation !== null)
        return <ClaimButton number={installation.number} tone="primary" name={account.login} />;
      return ways.app === null ? null : (
        <a className="btn btn-primary" href={ways.app.installUrl}>
          Install it again
        </a>
      );
    case 'check':
      return null;
  }
}
