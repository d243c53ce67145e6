import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { ShownInvitation } from '@devpulse/contract/wire/members';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { paths } from '../../paths.ts';
import { rememberInvitation } from '../../remember-invitation.ts';
import { rememberSignedIn } from '../../remember-signed-in.ts';
import { guessZone } from '../../zones.ts';
import { AddressField, isAddress, NameField, NewPasswordField } from '../setup/account-fields.tsx';
import { rateStrength } from '../setup/password-strength.ts';
import { workspaceApi } from '../workspace/workspace-api.ts';
import { DeclineButton } from './decline-button.tsx';

interface Props {
  secret: string;
  onDeclined: () => void;
  invitation: ShownInvitation;
  /** Whether one can sign in with GitHub here. */
  github: boolean;
}

/** For whoever is not signed in: a new account, which the invitation allows, or the one they have. */
export function SignUpForm({ secret, onDeclined, invitation, github }: Props): ReactElement {
  const leave = useMutation({
    mutationFn: () => workspaceApi.startGithub(secret, guessZone()),
    onSuccess: ({ url }) => location.assign(url),
  });
  const byPassword = invitation.kind !== 'github';
  return (
    <>
      {byPassword && (
        <PasswordForm secret={secret} recipient={invitation.kind === 'email' ? invitation.recipient : null} />
      )}
      <div className="door-ways">
        {github && (
          <Button tone={byPassword ? 'plain' : 'primary'} busy={leave.isPending} onClick={() => leave.mutate()}>
            Go on with GitHub
          </Button>
        )}
        {!byPassword && !github && (
          <p className="field-error">
            This invitation is for a GitHub login, and signing in with GitHub is not set up here. Ask{' '}
            {invitation.invitedBy} for a link that anyone may accept.
          </p>
        )}
        <a className="btn" href={`${paths.join}?sign-in`}>
          I have an account: sign in
        </a>
        <DeclineButton secret={secret} onDeclined={onDeclined} />
      </div>
      {leave.error !== null && <ErrorNote title="GitHub could not be asked">{describeError(leave.error)}</ErrorNote>}
    </>
  );
}

function PasswordForm({ secret, recipient }: { secret: string; recipient: string | null }): ReactElement {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(recipient ?? '');
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const signUp = useMutation({
    mutationFn: () =>
      workspaceApi.signUp({ secret, name: name.trim(), email: email.trim(), password, zone: guessZone() }),
    onSuccess: () => {
      rememberInvitation(null);
      rememberSignedIn(true);
      location.assign(paths.home);
    },
  });
  const fault = signUp.error instanceof ApiError ? signUp.error : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (name.trim() !== '' && isAddress(email) && rateStrength(password).enough && !signUp.isPending) signUp.mutate();
  };
  return (
    <form className="door-form" noValidate onSubmit={submit}>
      <NameField value={name} onChange={setName} checked={checked} fault={fault?.faultOf('name')} />
      <AddressField
        value={email}
        onChange={setEmail}
        checked={checked}
        fault={fault?.faultOf('email')}
        readOnly={recipient !== null}
        help={recipient === null ? 'To sign in with.' : 'The address the invitation is for; you sign in with it.'}
      />
      <NewPasswordField value={password} onChange={setPassword} checked={checked} fault={fault?.faultOf('password')} />
      {fault !== null && fault.problems.length === 0 && (
        <ErrorNote title="No account was made">{describeError(fault)} What you typed is still here.</ErrorNote>
      )}
      <Button tone="primary" type="submit" busy={signUp.isPending}>
        Make an account and join
      </Button>
    </form>
  );
}
