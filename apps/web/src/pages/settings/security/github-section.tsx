import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { AskedList } from './asked-list.tsx';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';

/** Why somebody came back from GitHub without a connection. */
const returns: Readonly<Record<string, string>> = {
  access_denied: 'GitHub was not allowed to say who you are.',
  account_already_linked_to_different_user: 'That GitHub account is connected to another account here.',
  unable_to_get_user_info: 'GitHub did not say who you are. Try again in a moment.',
};

/** GitHub accounts that this account can be entered with. */
export function GithubSection(): ReactElement {
  const query = useQuery(signInMeansQuery);
  const [fault] = useState(readReturn);
  useEffect(() => {
    // Said once: a reload shall not say it anew.
    if (location.search !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  return (
    <div className="signed-in">
      {fault !== null && <ErrorNote title="GitHub was not connected">{fault}</ErrorNote>}
      <AskedList what="Your connections" query={query}>
        {(means) => (
          <>
            {means.github.length > 0 && (
              <ul className="signed-list" aria-label="GitHub accounts">
                {means.github.map((connection) => (
                  <ConnectionRow key={connection.id} connection={connection} />
                ))}
              </ul>
            )}
            {means.offers.github ? (
              <Connect first={means.github.length === 0} />
            ) : (
              <p className="page-note">
                Signing in with GitHub is not set up here. Whoever runs this DevPulse sets GITHUB_CLIENT_ID and
                GITHUB_CLIENT_SECRET.
              </p>
            )}
          </>
        )}
      </AskedList>
    </div>
  );
}

function readReturn(): string | null {
  const code = new URLSearchParams(location.search).get('error');
  return code === null ? null : (returns[code] ?? 'It did not come to its end. Begin anew.');
}

function Connect({ first }: { first: boolean }): ReactElement {
  const connect = useMutation({
    mutationFn: () => signInApi.connectGithub(),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => addToast({ text: `GitHub could not be asked. ${describeError(error)}` }),
  });
  return (
    <>
      {first && (
        <p className="page-note">
          GitHub tells who you are and your confirmed addresses, and nothing else. Your repositories stay closed to
          DevPulse until a feature asks for them and you agree.
        </p>
      )}
      <div>
        <Button busy={connect.isPending || connect.isSuccess} onClick={() => connect.mutate()}>
          {first ? 'Connect GitHub' : 'Connect another GitHub account'}
        </Button>
      </div>
    </>
  );
}

function ConnectionRow({ connection }: { connection: SignInMeans['github'][number] }): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const name = connection.login ?? 'A GitHub account that was renamed';
  const cut = useMutation({
    mutationFn: () => signInApi.disconnectGithub(connection.id),
    onSuccess: () => addToast({ text: `${name} is disconnected, and what it granted is forgotten.` }),
    onError: (error) => addToast({ text: `${name} is still connected. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: signInMeansQuery.queryKey }),
  });
  return (
    <li className="signed-row">
      <div>
        <h3>{name}</h3>
        <p>
          granted: <span className="mono">{connection.scopes.join(', ') || 'nothing'}</span> · since{' '}
          {formatInstant(connection.connectedAt, me.effectiveZone)}
        </p>
      </div>
      <Button busy={cut.isPending} onClick={() => cut.mutate()} aria-label={`Disconnect ${name}`}>
        Disconnect
      </Button>
    </li>
  );
}
