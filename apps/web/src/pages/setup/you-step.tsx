import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { sessionQuery } from '../../queries.ts';
import { rememberSignedIn } from '../../remember-signed-in.ts';
import { ZoneField } from '../../zone-field.tsx';
import { guessWeekStart, guessZone, weekStarts } from '../../zones.ts';
import { AddressField, isAddress, NameField, NewPasswordField } from './account-fields.tsx';
import { rateStrength } from './password-strength.ts';

/** Name, zone, week and password of the owner; or, with a link on an instance that has one, a new password. */
export function YouStep({ token, anew, onDone }: { token: string; anew: boolean; onDone?: () => void }): ReactElement {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [zone, setZone] = useState(guessZone);
  const [weekStart, setWeekStart] = useState(() => String(guessWeekStart()));
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const setUp = useMutation({
    mutationFn: () =>
      api.setUp({
        token,
        password,
        ...(address === '' ? {} : { email: address }),
        ...(anew ? {} : { name: name.trim(), zone, weekStart: Number(weekStart) }),
      }),
    onSuccess: (session) => {
      rememberSignedIn(true);
      // The link is used up: it goes from the address and from the history.
      history.replaceState(history.state, '', location.pathname);
      client.setQueryData(sessionQuery.queryKey, session);
      onDone?.();
    },
  });
  const fault = setUp.error instanceof ApiError ? setUp.error : null;
  const strength = rateStrength(password);
  const nameMissing = !anew && name.trim() === '';
  const address = email.trim();
  // Whoever comes back by a link may keep the address of their account.
  const addressMissing = !(anew && address === '') && !isAddress(address);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    const faulty = nameMissing ? 'name' : addressMissing ? 'email' : strength.enough ? null : 'password';
    if (faulty !== null || setUp.isPending) {
      event.currentTarget.querySelector<HTMLElement>(`[name=${faulty ?? ''}]`)?.focus();
      return;
    }
    setUp.mutate();
  };
  return (
    <form className="setup-form" noValidate onSubmit={submit}>
      {!anew && (
        <>
          <NameField value={name} onChange={setName} checked={checked} fault={fault?.faultOf('name')} />
          <ZoneField value={zone} onChange={setZone} error={fault?.faultOf('zone')} />
          <Field label="Weeks start on">
            {(ids) => (
              <Select
                {...ids}
                options={weekStarts}
                value={weekStart}
                onChange={(event) => setWeekStart(event.currentTarget.value)}
              />
            )}
          </Field>
        </>
      )}
      <AddressField
        value={email}
        onChange={setEmail}
        checked={checked}
        fault={fault?.faultOf('email')}
        isMissing={addressMissing}
        help={anew ? 'Only to change the one you sign in with.' : 'You sign in with it.'}
      />
      <NewPasswordField
        value={password}
        onChange={setPassword}
        checked={checked}
        fault={fault?.faultOf('password')}
        autoFocus={anew}
      />
      {setUp.error !== null && <SetupRefusal error={setUp.error} />}
      <Button tone="primary" type="submit" busy={setUp.isPending}>
        {anew ? 'Set the password' : 'Go on'}
      </Button>
    </form>
  );
}

function SetupRefusal({ error }: { error: Error }): ReactElement | null {
  if (error instanceof ApiError && error.status === 400 && error.problems.length > 0) return null;
  if (error instanceof ApiError && error.status === 403) {
    return (
      <ErrorNote title="This link does not open anything any more">
        {describeError(error)} A new one comes from <code className="mono">npm run devpulse -- owner link</code>.
      </ErrorNote>
    );
  }
  return <ErrorNote title="That did not work">{describeError(error)} What you typed is still here.</ErrorNote>;
}
