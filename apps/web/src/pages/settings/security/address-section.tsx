import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { Button } from '@devpulse/ui/button.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { SaveRow } from '../save-row.tsx';
import { AskedList } from './asked-list.tsx';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';
import { OwnPasswordField } from './own-password-field.tsx';

/** The address one signs in with, and whether it was proved. */
export function AddressSection(): ReactElement {
  const query = useQuery(signInMeansQuery);
  return (
    <div className="signed-in">
      <AskedList what="Your address" query={query}>
        {(means) => (
          <>
            <Confirmation means={means} />
            <AddressForm key={means.email} means={means} />
          </>
        )}
      </AskedList>
    </div>
  );
}

function Confirmation({ means }: { means: SignInMeans }): ReactElement | null {
  const ask = useMutation({
    mutationFn: () => signInApi.askForConfirmation(),
    onSuccess: () => addToast({ text: 'A link is on its way. It works for a day.' }),
    onError: (error) => addToast({ text: `No link was mailed. ${describeError(error)}` }),
  });
  if (means.email === null)
    return <p className="page-note">Your account has no address yet. With one you can sign in by a password.</p>;
  if (means.emailConfirmed) return <p className="page-note">Confirmed: mail to it reaches you.</p>;
  if (!means.offers.mail)
    return (
      <p className="page-note">
        Not confirmed, since this DevPulse cannot send mail. Whoever runs it sets SMTP_URL, MAIL_FROM and DEVPULSE_URL.
        It does for signing in all the same.
      </p>
    );
  return (
    <div className="signed-inline">
      <p className="page-note">Not confirmed yet.</p>
      <Button busy={ask.isPending} onClick={() => ask.mutate()}>
        Mail me a link
      </Button>
    </div>
  );
}

function AddressForm({ means }: { means: SignInMeans }): ReactElement {
  const client = useQueryClient();
  const [email, setEmail] = useState(means.email ?? '');
  const [password, setPassword] = useState('');
  const address = email.trim();
  const changed = address !== (means.email ?? '') && address !== '';
  const save = useMutation({
    mutationFn: () => signInApi.changeEmail(address, means.hasPassword ? password : undefined),
    onSuccess: (now) => {
      setPassword('');
      client.setQueryData(signInMeansQuery.queryKey, now);
      addToast({ text: `You sign in as ${now.email ?? address} from now on.` });
    },
  });
  const fault = save.error instanceof ApiError ? save.error : null;
  const isOfField = fault?.faultOf('password') !== undefined || fault?.faultOf('email') !== undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && !save.isPending) save.mutate();
      }}
    >
      <Field label="E-mail address" error={fault?.faultOf('email')}>
        {(ids) => (
          <TextInput
            {...ids}
            type="email"
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        )}
      </Field>
      {changed && means.hasPassword && (
        <OwnPasswordField value={password} onChange={setPassword} isWrong={fault?.faultOf('password') !== undefined} />
      )}
      <SaveRow
        changed={changed}
        pending={save.isPending}
        saved={save.isSuccess}
        error={isOfField ? null : save.error}
      />
    </form>
  );
}
