import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { InstallationView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../api-error.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { ClaimButton } from './claim-button.tsx';
import { connectionsApi, connectionsKey } from './connections-api.ts';

/** Where the App is installed and not claimed yet; GitHub is asked only when somebody presses. */
export function FindInstallations(): ReactElement {
  const { session } = useViewer();
  const client = useQueryClient();
  const find = useMutation({
    mutationFn: () => connectionsApi.findInstallations(session.runsInstance ? 'refresh' : 'mine'),
    // Names and states of what is connected were renewed with it.
    onSuccess: () => client.invalidateQueries({ queryKey: connectionsKey }),
  });
  return (
    <section className="app-set-up" aria-labelledby="installations-title">
      <h3 id="installations-title">Installations that can be claimed</h3>
      <p className="page-note">
        {session.runsInstance
          ? 'Every installation of the App, for you look after this instance. Each goes to one workspace and to no other.'
          : 'Installations on your own account and on organisations that you own, as your own connections prove it.'}
      </p>
      <div>
        <Button busy={find.isPending} onClick={() => find.mutate()}>
          {find.isPending ? 'Asking GitHub' : 'Ask GitHub where it is installed'}
        </Button>
      </div>
      {find.error !== null && <ErrorNote title="GitHub was not asked">{describeError(find.error)}</ErrorNote>}
      {find.data !== undefined && <Found installations={find.data.installations} />}
    </section>
  );
}

function Found({ installations }: { installations: readonly InstallationView[] }): ReactElement {
  if (installations.length === 0)
    return <p role="status">It is installed nowhere that you could claim. Install it first, then ask again.</p>;
  return (
    <ul className="connection-list" aria-label="Installations">
      {installations.map((one) => (
        <li key={one.number} className="installation-row">
          <div>
            <b>{one.account.login}</b>
            <small>{describe(one)}</small>
          </div>
          {one.claim === 'free' && one.state !== 'removed' && (
            <ClaimButton number={one.number} name={one.account.login} />
          )}
        </li>
      ))}
    </ul>
  );
}

function describe({ repositories, state, claim }: InstallationView): string {
  const reach = repositories === 'all' ? 'all repositories' : 'chosen repositories';
  const whose = {
    free: 'nobody has claimed it',
    here: 'claimed by this workspace',
    elsewhere: 'another workspace has it',
  };
  return [reach, ...(state === 'ok' ? [] : [state]), whose[claim]].join(' · ');
}
