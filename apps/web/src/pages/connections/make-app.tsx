import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { connectionsApi } from './connections-api.ts';

/** One press here, one at GitHub: the App comes back by itself with its keys. */
export function MakeApp(): ReactElement {
  const [organisation, setOrganisation] = useState('');
  const [isPublic, setIsPublic] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      connectionsApi.startApp({
        isPublic,
        ...(organisation.trim() === '' ? {} : { organisation: organisation.trim() }),
      }),
    onSuccess: postToGithub,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!make.isPending && !make.isSuccess) make.mutate();
  };
  return (
    <form className="make-app" noValidate onSubmit={submit}>
      <Field
        label="Organisation"
        note="optional"
        help="Its login at GitHub. Empty: the App belongs to your own account."
        error={make.error === null ? undefined : faultOf(make.error)}
      >
        {(ids) => (
          <TextInput
            {...ids}
            autoComplete="off"
            spellCheck={false}
            value={organisation}
            onChange={(event) => {
              setOrganisation(event.currentTarget.value);
              make.reset();
            }}
          />
        )}
      </Field>
      <Checkbox
        label="Others than its owner may install it"
        help="Several organisations need that. Only whoever proves that an account is theirs can claim it here."
        checked={isPublic}
        onChange={(event) => setIsPublic(event.currentTarget.checked)}
      />
      <div>
        <Button tone="primary" type="submit" busy={make.isPending || make.isSuccess}>
          Make the App
        </Button>
      </div>
      <p className="field-help">
        GitHub shows what it may, all of it only for reading, and asks you once. Its keys come back by themselves.
      </p>
    </form>
  );
}

/** GitHub takes the manifest from a form that a browser posts, and from nothing else. */
function postToGithub({ action, manifest }: { action: string; manifest: string }): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = action;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'manifest';
  field.value = manifest;
  form.append(field);
  document.body.append(form);
  form.submit();
}

function faultOf(error: unknown): string {
  if (!(error instanceof ApiError)) return describeError(error);
  return error.faultOf('organisation') ?? describeError(error);
}
