import { useState, useEffect, type ReactElement, type ReactNode } from 'react';
import type { ConnectionList } from '@devpulse/contract/wire/connections';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { useNavigate, useSearch } from '../../router/use-router.ts';
import { ClaimButton } from './claim-button.tsx';

/** What came of a trip to GitHub, as the address tells it. */
interface Outcome {
  connected?: string;
  error?: string;
  app?: string;
  installation?: string;
}

function readOutcome(search: Record<string, unknown>): Outcome {
  const { connected, error, app, installation } = search;
  const found = { connected, error, app, installation };
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => typeof value === 'string' && /^[\w-]{1,100}$/.test(value)),
  );
}

/** Why somebody came back without what they went for. */
const faults: Readonly<Record<string, string>> = {
  state: 'The way back did not belong to this browser and session, or took longer than allowed. Begin anew.',
  denied: 'GitHub was not allowed to grant it. Nothing has changed.',
  other_account:
    'GitHub answered for another account than the one of this connection. Sign in there as that account, or connect this one as well.',
  throttled: 'GitHub asked us to wait. Try again in a few minutes.',
  gone: 'The connection that was to be renewed is not here any more. Connect the account anew.',
  app: 'GitHub did not hand over the App; the code is good for one hour and one use. Make it anew.',
  failed: 'GitHub did not answer as expected. Try again in a moment.',
};

/** Said once, where the browser comes back from GitHub: a reload does not say it anew. */
export function ReturnNote({ list }: { list: ConnectionList }): ReactElement | null {
  const search = useSearch(readOutcome);
  const navigate = useNavigate();
  const [outcome] = useState(search);
  const isFresh = Object.keys(search).length > 0;
  useEffect(() => {
    if (isFresh) void navigate({ to: '.', replace: true });
  }, [isFresh, navigate]);
  if (outcome.error !== undefined)
    return <ErrorNote title="GitHub was not connected">{faults[outcome.error] ?? faults['failed']}</ErrorNote>;
  const connection = list.connections.find(({ id }) => id === outcome.connected);
  if (connection !== undefined)
    return (
      <Note
        title={`Connected as ${connection.account.login}.`}
        action={
          <Link to={paths.connection} params={{ id: connection.id }} className="btn btn-primary">
            Choose repositories
          </Link>
        }
      >
        {connection.sources === 0
          ? 'Nothing is read yet: choose which repositories are.'
          : 'What is watched with it is read on from where it stopped.'}
      </Note>
    );
  if (outcome.app !== undefined)
    return (
      <Note
        title={`The GitHub App ${outcome.app} is made.`}
        action={
          list.ways.app !== null && (
            <a className="btn btn-primary" href={list.ways.app.installUrl}>
              Install it
            </a>
          )
        }
      >
        Its keys are kept sealed. Install it on an account or an organisation next.
      </Note>
    );
  if (outcome.installation === 'requested')
    return (
      <Note title="The installation was asked for.">
        An owner of the organisation has to agree at GitHub. Claim it here once that is done.
      </Note>
    );
  if (outcome.installation !== undefined && !isClaimed(list, outcome.installation))
    return (
      <Note title="The App is installed." action={<ClaimButton number={outcome.installation} tone="primary" />}>
        Claim the installation for this workspace; only one workspace can have it.
      </Note>
    );
  return null;
}

function isClaimed({ connections }: ConnectionList, number: string): boolean {
  return connections.some(({ installation, isReading }) => installation?.number === number && isReading);
}

function Note(props: { title: string; children: ReactNode; action?: ReactNode }): ReactElement {
  return (
    <div className="return-note" role="status">
      <Icon name="check" />
      <div>
        <p>
          <b>{props.title}</b> {props.children}
        </p>
        {props.action}
      </div>
    </div>
  );
}
