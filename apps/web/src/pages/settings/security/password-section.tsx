import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { Field } from '@devpulse/ui/field.tsx';
import { PasswordInput } from '@devpulse/ui/password-input.tsx';
import { ApiError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { rateStrength } from '../../setup/password-strength.ts';
import { SaveRow } from '../save-row.tsx';
import { AskedList } from './asked-list.tsx';
import { sessionsQuery } from './security-api.ts';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';
import { OwnPasswordField } from './own-password-field.tsx';

/** Another password, or the first one of somebody who came from elsewhere. */
export function PasswordSection(): ReactElement {
  const query = useQuery(signInMeansQuery);
  return (
    <div className="signed-in">
      <AskedList what="How you sign in" query={query}>
        {(means) =>
          means.email === null ? (
            <p className="page-note">A password goes with an address: enter one above first.</p>
          ) : (
            <PasswordForm means={means} />
          )
        }
      </AskedList>
    </div>
  );
}

function PasswordForm({ means }: { means: SignInMeans }): ReactElement {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const strength = rateStrength(password);
  const isWhole = strength.enough && (current !== '' || !means.hasPassword);
  const save = useMutation({
    mutationFn: () => signInApi.changePassword(means.hasPassword ? current : undefined, password),
    onSuccess: async () => {
      setCurrent('');
      setPassword('');
      addToast({ text: 'The new password is set. Your other sessions have ended.' });
      await Promise.all([
        client.invalidateQueries({ queryKey: signInMeansQuery.queryKey }),
        client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
      ]);
    },
  });
  const fault = save.error instanceof ApiError ? save.error.faultOf('password') : undefined;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !save.isPending) save.mutate();
      }}
    >
      {means.hasPassword && (
        <OwnPasswordField
          label="Present password"
          value={current}
          onChange={setCurrent}
          isWrong={fault !== undefined}
        />
      )}
      <Field
        label="New password"
        help={password === '' ? 'It ends your other sessions and every paired device.' : strength.words}
      >
        {(ids) => (
          <PasswordInput
            {...ids}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      <SaveRow
        changed={isWhole}
        pending={save.isPending}
        saved={save.isSuccess}
        error={fault === undefined ? save.error : null}
      />
    </form>
  );
}
