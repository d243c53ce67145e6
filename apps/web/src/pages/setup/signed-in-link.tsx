import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { sessionQuery } from '../../queries.ts';
import { SetupHead } from './setup-head.tsx';
import { YouStep } from './you-step.tsx';

/** The owner's link, opened by somebody who is signed in: it says as whom, and changes nothing before they say so. */
export function SignedInLink({ token, onLeave }: { token: string; onLeave: () => void }): ReactElement {
  const client = useQueryClient();
  const account = useQuery(sessionQuery).data?.account;
  const [anew, setAnew] = useState(false);
  useEffect(() => {
    document.title = 'Link of the owner · DevPulse';
  }, []);
  const done = (): void => {
    // Whoever goes on here may be somebody else than before.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    onLeave();
  };
  return (
    <div className="setup">
      <SetupHead />
      <main className="setup-main" id="content">
        <h1>{anew ? 'Set a new password' : 'This is the link of the owner'}</h1>
        <p className="setup-lead">
          {account !== null && account !== undefined && (
            <>
              You are signed in as <b>{account.name}</b>
              {account.email === null ? '' : ` (${account.email})`}.{' '}
            </>
          )}
          The link sets the owner’s password anew, ends every session of the owner, also on other devices, and signs you
          in as the owner. It works once.
        </p>
        {anew ? (
          <YouStep token={token} anew onDone={done} />
        ) : (
          <div className="setup-acts">
            <Button tone="primary" onClick={onLeave}>
              Go on without using it
            </Button>
            <Button onClick={() => setAnew(true)}>Set a new password</Button>
          </div>
        )}
      </main>
    </div>
  );
}
