import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { InvitationView, SentInvitation } from '@devpulse/contract/wire/members';
import { Button } from '@devpulse/ui/button.tsx';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { Menu } from '@devpulse/ui/menu.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { InviteForm } from './invite-form.tsx';
import { roleTitles } from './role-names.ts';
import { SentNote } from './sent-note.tsx';
import { invitationsQuery, workspaceApi } from './workspace-api.ts';

/** Asking people in, and what became of it. */
export function InvitationsPage(): ReactElement {
  const { workspace } = useViewer();
  const [sent, setSent] = useState<SentInvitation | null>(null);
  const { data, error, refetch } = useQuery(invitationsQuery);
  if (workspace.kind !== 'team') return <OnlyForTeams kind={workspace.kind} />;
  return (
    <div className="page-body workspace-page">
      <section aria-labelledby="invite">
        <h2 id="invite">Invite somebody</h2>
        {data === undefined && error === null ? (
          <Skeleton height="16rem" shape="block" />
        ) : (
          <InviteForm mail={data?.mail ?? false} onSent={setSent} />
        )}
        {sent !== null && <SentNote key={sent.invitation.id + sent.invitation.expiresAt} sent={sent} />}
      </section>
      <section aria-labelledby="invitations">
        <h2 id="invitations">Invitations</h2>
        {error !== null && (
          <ErrorNote
            title="The invitations could not be listed"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {describeError(error)}
          </ErrorNote>
        )}
        {data === undefined && error === null && <Skeleton height="6rem" shape="block" />}
        {data?.invitations.length === 0 && (
          <EmptyState title="Nobody was invited yet">
            An invitation counts once and for seven days. Nobody is a member before they accept.
          </EmptyState>
        )}
        {data !== undefined && data.invitations.length > 0 && (
          <InvitationTable invitations={data.invitations} onSent={setSent} />
        )}
      </section>
    </div>
  );
}

function OnlyForTeams({ kind }: { kind: 'personal' | 'demo' }): ReactElement {
  return (
    <div className="page-body">
      <EmptyState
        title={kind === 'demo' ? 'Nobody can be invited into the demo' : 'This workspace is yours alone'}
        action={
          kind === 'personal' && (
            <Link to={paths.workspaceGeneral} className="btn">
              Make it a team’s
            </Link>
          )
        }
      >
        {kind === 'demo'
          ? 'Its people are made up. Invite people into a workspace of your own.'
          : 'Make it a team’s workspace to invite others, or make a new one from the switcher.'}
      </EmptyState>
    </div>
  );
}

interface TableProps {
  invitations: readonly InvitationView[];
  onSent: (sent: SentInvitation) => void;
}

function InvitationTable({ invitations, onSent }: TableProps): ReactElement {
  const { me } = useViewer();
  return (
    <DataTable
      caption="Invitations to the workspace"
      rows={invitations}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'who',
          head: 'Who',
          rowHead: true,
          wrap: true,
          cell: (one) => (
            <>
              {describeRecipient(one)}
              <small>{describeState(one, me.effectiveZone)}</small>
            </>
          ),
        },
        { key: 'role', head: 'Role', cell: ({ role }) => roleTitles[role] },
        { key: 'by', head: 'Invited by', wideOnly: true, cell: ({ invitedBy }) => invitedBy.name },
        {
          key: 'acts',
          head: <span className="vh">Acts</span>,
          align: 'end',
          cell: (one) => <InvitationMenu invitation={one} onSent={onSent} />,
        },
      ]}
    />
  );
}

function InvitationMenu({
  invitation,
  onSent,
}: {
  invitation: InvitationView;
  onSent: (sent: SentInvitation) => void;
}): ReactElement | null {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
  const fail = (error: Error): void => addToast({ text: `Nothing was changed. ${describeError(error)}` });
  const renew = useMutation({
    mutationFn: () => workspaceApi.renew(invitation.id),
    onSuccess: onSent,
    onError: fail,
    onSettled: refresh,
  });
  const revoke = useMutation({
    mutationFn: () => workspaceApi.revoke(invitation.id),
    onSuccess: () => addToast({ text: `The invitation for ${describeRecipient(invitation)} opens nothing any more.` }),
    onError: fail,
    onSettled: refresh,
  });
  if (invitation.state !== 'open' && invitation.state !== 'expired') return null;
  return (
    <Menu
      label={`Invitation for ${describeRecipient(invitation)}: menu`}
      items={[
        { id: 'renew', label: 'Send again with a new link', icon: 'link', onSelect: () => renew.mutate() },
        {
          id: 'revoke',
          label: 'Take it back',
          icon: 'bin',
          tone: 'danger',
          parted: true,
          onSelect: () => revoke.mutate(),
        },
      ]}
    />
  );
}

function describeRecipient({ kind, recipient }: InvitationView): string {
  if (recipient === null) return 'Whoever holds the link';
  return kind === 'github' ? `${recipient} on GitHub` : recipient;
}

function describeState(one: InvitationView, zone: string): string {
  const until = formatDay(splitInstant(one.expiresAt, zone).day);
  switch (one.state) {
    case 'open':
      return one.mailedAt === null ? `Open until ${until}` : `Mailed; open until ${until}`;
    case 'expired':
      return `Expired on ${until}`;
    case 'accepted':
      return one.acceptedBy === null ? 'Accepted' : `Accepted by ${one.acceptedBy.name}`;
    case 'declined':
      return 'Declined';
    case 'revoked':
      return 'Taken back';
  }
}
