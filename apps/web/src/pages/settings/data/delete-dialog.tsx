import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { DeletionPlan } from '@devpulse/contract/wire/data';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { paths } from '../../../paths.ts';
import { rememberSignedIn } from '../../../remember-signed-in.ts';
import { dataApi } from './data-api.ts';
import { OwnPasswordField } from '../security/own-password-field.tsx';

/** The word and the password; afterwards there is nobody to come back as, so the page is left. */
export function DeleteDialog({ plan, onClose }: { plan: DeletionPlan; onClose: () => void }): ReactElement {
  const [word, setWord] = useState('');
  const [password, setPassword] = useState('');
  const asksPassword = plan.proof === 'password';
  const remove = useMutation({
    mutationFn: () => dataApi.deleteAccount({ confirmation: word.trim(), ...(asksPassword ? { password } : {}) }),
    onSuccess: () => {
      rememberSignedIn(false);
      location.assign(paths.signIn);
    },
  });
  const fault = remove.error instanceof ApiError ? remove.error : null;
  const ofField = fault?.faultOf('password') ?? fault?.faultOf('confirmation');
  const isWhole = word.trim() === plan.confirmation && (!asksPassword || password !== '');
  const submit = (): void => {
    if (isWhole && !remove.isPending && !remove.isSuccess) remove.mutate();
  };
  return (
    <Dialog
      open
      title="Delete your account?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" disabled={!isWhole} busy={remove.isPending || remove.isSuccess} onClick={submit}>
            Delete it for good
          </Button>
        </>
      }
    >
      <form
        className="data-block"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>Nobody can take this back. A backup that was taken before may still hold your data until it is removed.</p>
        <Field label={`Type ${plan.confirmation} to confirm`} error={fault?.faultOf('confirmation')}>
          {(ids) => (
            <TextInput
              {...ids}
              mono
              autoComplete="off"
              spellCheck={false}
              value={word}
              onChange={(event) => setWord(event.currentTarget.value)}
            />
          )}
        </Field>
        {asksPassword && (
          <OwnPasswordField
            value={password}
            onChange={setPassword}
            isWrong={fault?.faultOf('password') !== undefined}
          />
        )}
        {!asksPassword && <p className="page-note">Your sign-in has to be fresh: at most ten minutes old.</p>}
        {/* What submits a form by the return key. */}
        <button type="submit" hidden />
      </form>
      {remove.error !== null && ofField === undefined && (
        <ErrorNote title="Nothing was deleted">{describeError(remove.error)}</ErrorNote>
      )}
    </Dialog>
  );
}
