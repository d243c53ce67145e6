import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import type { ShownInvitation } from '@devpulse/contract/wire/members';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Mark } from '@devpulse/ui/mark.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { sessionQuery } from '../../queries.ts';
import { recallInvitation, rememberInvitation } from '../../remember-invitation.ts';
import { guessZone } from '../../zones.ts';
import { roleTitles } from '../workspace/role-names.ts';
import { workspaceApi } from '../workspace/workspace-api.ts';
import { AnswerForm } from './answer-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

/** What whoever was invited sees: what it offers, and the ways to accept or decline. */
export function JoinPage(): ReactElement {
  const [secret] = useState(takeSecret);
  const session = useQuery(sessionQuery).data;
  const [declined, setDeclined] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation'],
    queryFn: () => workspaceApi.look(secret ?? ''),
    enabled: secret !== null,
    retry: false,
  });
  if (secret === null)
    return (
      <Door title="This link is not whole">
        <p className="door-text">
          The invitation stands behind the # of the link. Copy all of it, or ask for a new one.
        </p>
        <HomeLink />
      </Door>
    );
  if (declined)
    return (
      <Door title="You declined the invitation">
        <p className="door-text">Nobody was told anything about you. Whoever sent it can send another one.</p>
        <HomeLink />
      </Door>
    );
  if (error !== null) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined)
    return (
      <Door title="An invitation">
        <Skeleton height="6rem" shape="block" />
      </Door>
    );
  if (data.state !== 'valid') return <Over invitation={data} />;
  const answer = { secret, onDeclined: () => setDeclined(true) };
  return (
    <Door title={`Join ${data.workspace}`}>
      <p className="door-text">
        {data.invitedBy} invites {data.recipient ?? 'you'} to {data.workspace} on DevPulse, as{' '}
        <b>{roleTitles[data.role].toLowerCase()}</b>.
      </p>
      <p className="door-quiet">Counts once, until {formatInstant(data.expiresAt, guessZone())}.</p>
      {session?.state === 'signed_in' ? (
        <AnswerForm {...answer} account={session.account} />
      ) : (
        <SignUpForm {...answer} invitation={data} github={session?.offers.github ?? false} />
      )}
    </Door>
  );
}

/** From the address into the tab's own memory, so that it stays out of the history. */
function takeSecret(): string | null {
  const given = location.hash.slice(1);
  if (given === '') return recallInvitation();
  rememberInvitation(given);
  history.replaceState(history.state, '', location.pathname);
  return given;
}

function Door({ title, children }: { title: string; children: ReactNode }): ReactElement {
  useEffect(() => {
    document.title = `${title} · DevPulse`;
  }, [title]);
  return (
    <main className="door" id="content" tabIndex={-1}>
      <div className="door-brand">
        <Mark size={24} />
        DevPulse
      </div>
      <h1 className="door-title">{title}</h1>
      {children}
    </main>
  );
}

function HomeLink(): ReactElement {
  const leave = (): void => {
    rememberInvitation(null);
    location.assign(paths.home);
  };
  return <Button onClick={leave}>Go to DevPulse</Button>;
}

function Failed({ error, onRetry }: { error: Error; onRetry: () => void }): ReactElement {
  const unknown = error instanceof ApiError && error.status === 404;
  return (
    <Door title={unknown ? 'This invitation opens nothing' : 'The invitation cannot be shown now'}>
      <ErrorNote title={describeError(error)} action={!unknown && <Button onClick={onRetry}>Try again</Button>} />
      {unknown && <HomeLink />}
    </Door>
  );
}

const ends: Record<Exclude<ShownInvitation['state'], 'valid'>, { title: string; words: string }> = {
  accepted: {
    title: 'This invitation was accepted already',
    words:
      'Each counts once. If it was you, sign in; if not, ask for a new one and say that somebody else used this one.',
  },
  declined: { title: 'This invitation was declined', words: 'If that was a mistake, ask for a new one.' },
  revoked: { title: 'This invitation was taken back', words: 'Ask whoever sent it.' },
  expired: { title: 'This invitation has expired', words: 'Ask for a new link: whoever sent it can renew it.' },
};

function Over({ invitation }: { invitation: ShownInvitation }): ReactElement {
  const { title, words } = ends[invitation.state === 'valid' ? 'expired' : invitation.state];
  return (
    <Door title={title}>
      <p className="door-text">
        It came from {invitation.invitedBy}, for {invitation.workspace}. {words}
      </p>
      <HomeLink />
    </Door>
  );
}
