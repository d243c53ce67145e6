import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { InvitationKind, SentInvitation } from '@devpulse/contract/wire/members';
import type { Role } from '@devpulse/contract/permissions';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { roleOptionsFor } from './role-names.ts';
import { type Invitation, invitationsQuery, teamNamesQuery, workspaceApi } from './workspace-api.ts';

const kinds: readonly { value: InvitationKind; label: string }[] = [
  { value: 'email', label: 'By address' },
  { value: 'github', label: 'By GitHub login' },
  { value: 'link', label: 'By a link' },
];

/** Whom to invite, how they prove to be that, and what they will be. */
export function InviteForm({ mail, onSent }: { mail: boolean; onSent: (sent: SentInvitation) => void }): ReactElement {
  const { session } = useViewer();
  const client = useQueryClient();
  const { data: teams } = useQuery(teamNamesQuery);
  // An address is of use where it can be written to, and proved.
  const [kind, setKind] = useState<InvitationKind>(mail ? 'email' : 'link');
  const [who, setWho] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [teamId, setTeamId] = useState('');
  const [checked, setChecked] = useState(false);
  const invite = useMutation({
    mutationFn: (body: Invitation) => workspaceApi.invite(body),
    onSuccess: async (sent) => {
      setWho('');
      setChecked(false);
      onSent(sent);
      await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  const missing = kind !== 'link' && who.trim() === '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (missing || invite.isPending) return;
    const common = { role, ...(teamId === '' ? {} : { teamId }) };
    if (kind === 'email') invite.mutate({ kind, email: who.trim(), ...common });
    else if (kind === 'github') invite.mutate({ kind, login: who.trim(), ...common });
    else invite.mutate({ kind, ...common });
  };
  const fault = invite.error instanceof ApiError ? invite.error : null;
  const faultOfWho = fault?.faultOf('email') ?? fault?.faultOf('login');
  const askedTwice = checked && missing ? (kind === 'email' ? 'Type an address.' : 'Type a login.') : undefined;
  return (
    <form className="workspace-invite" noValidate onSubmit={submit}>
      <Segmented label="How" value={kind} options={kinds} onChange={setKind} />
      {kind === 'link' ? (
        <p className="field-help">
          Anyone who gets hold of the link can accept it, once. Choose this where you trust the way you send it on.
        </p>
      ) : (
        <Field
          label={kind === 'email' ? 'E-mail address' : 'GitHub login'}
          help={helpFor(kind, mail)}
          error={askedTwice ?? faultOfWho}
        >
          {(ids) => (
            <TextInput
              {...ids}
              name="who"
              type={kind === 'email' ? 'email' : 'text'}
              autoCapitalize="off"
              autoComplete="off"
              spellCheck={false}
              value={who}
              onChange={(event) => setWho(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field label="Role">
        {(ids) => (
          <Select
            {...ids}
            value={role}
            options={roleOptionsFor(session.workspace?.role ?? 'member')}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
        )}
      </Field>
      {teams !== undefined && teams.length > 0 && (
        <Field label="Team" note="optional">
          {(ids) => (
            <Select
              {...ids}
              value={teamId}
              options={[{ value: '', label: 'None' }, ...teams.map(({ id, name }) => ({ value: id, label: name }))]}
              onChange={(event) => setTeamId(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {invite.error !== null && faultOfWho === undefined && (
        <ErrorNote title="Nobody was invited">{describeError(invite.error)}</ErrorNote>
      )}
      <div>
        <Button tone="primary" type="submit" busy={invite.isPending}>
          {kind === 'email' && mail ? 'Send the invitation' : 'Make a link'}
        </Button>
      </div>
    </form>
  );
}

function helpFor(kind: 'email' | 'github', mail: boolean): string {
  if (kind === 'github')
    return 'Only whoever signs in with this GitHub account can accept. You are shown a link to hand on.';
  return mail
    ? 'A link is mailed there, and only an account with this address can accept.'
    : 'This instance cannot send mail: you are shown a link to hand on, and only an account whose address was verified, as through GitHub, can accept. A link for anyone works without that.';
}
