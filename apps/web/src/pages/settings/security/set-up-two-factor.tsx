import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import type { StartedTwoFactor } from '@devpulse/contract/wire/sign-in';
import { Button } from '@devpulse/ui/button.tsx';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { signInApi, signInMeansQuery } from './sign-in-api.ts';

const QrCode = lazy(() => import('./qr-code.tsx').then((module) => ({ default: module.QrCode })));

/** From the secret in an app to a first code, and then the codes to be written down. */
export function SetUpTwoFactor({ started, onClose }: { started: StartedTwoFactor; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const digits = code.replaceAll(/\s/g, '');
  const confirm = useMutation({
    mutationFn: () => signInApi.confirmTwoFactor(digits),
    onSuccess: () => client.invalidateQueries({ queryKey: signInMeansQuery.queryKey }),
  });
  if (confirm.isSuccess)
    return (
      <Dialog
        open
        title="Two-factor sign-in is on"
        onClose={onClose}
        actions={
          <Button tone="primary" onClick={onClose}>
            I have kept them
          </Button>
        }
      >
        <RecoveryCodes codes={started.recoveryCodes} />
      </Dialog>
    );
  const fault = confirm.error instanceof ApiError ? confirm.error.faultOf('code') : undefined;
  const submit = (): void => {
    if (/^\d{6}$/.test(digits) && !confirm.isPending) confirm.mutate();
  };
  return (
    <Dialog
      open
      title="Set up two-factor sign-in"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" busy={confirm.isPending} disabled={!/^\d{6}$/.test(digits)} onClick={submit}>
            Switch it on
          </Button>
        </>
      }
    >
      <div className="two-factor-setup">
        <p>Scan this with an authenticator app, then type the six digits that it shows.</p>
        <Suspense fallback={<Skeleton height="12rem" width="12rem" shape="block" />}>
          <QrCode text={started.uri} label="QR code for an authenticator app" />
        </Suspense>
        <p className="page-note">
          Or type this key: <code className="mono two-factor-key">{inGroups(started.secret)}</code>{' '}
          <CopyButton text={started.secret} />
        </p>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field
            label="Code"
            error={
              fault === undefined ? undefined : 'That is not the code of this moment. Is the clock of the device right?'
            }
          >
            {(ids) => (
              <TextInput
                {...ids}
                mono
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={8}
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
            )}
          </Field>
        </form>
        {confirm.error !== null && fault === undefined && (
          <ErrorNote title="It is not on">{describeError(confirm.error)}</ErrorNote>
        )}
      </div>
    </Dialog>
  );
}

/** ABCD EFGH …: letters are compared four at a time. */
function inGroups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(' ');
}
