import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { connectionsApi, connectionsKey, type PastedApp } from './connections-api.ts';

const fields = [
  { name: 'number', label: 'App ID', help: 'A number, on the page of the App.' },
  { name: 'webhookSecret', label: 'Webhook secret', note: 'optional' },
  { name: 'clientId', label: 'Client ID', note: 'optional', help: 'So that people can connect through it.' },
  { name: 'clientSecret', label: 'Client secret', note: 'optional' },
] as const satisfies readonly { name: keyof PastedApp; label: string; note?: string; help?: string }[];

const isSecret = /secret/i;

/** An App that is there already, by its id and key. */
export function PasteApp({ number, onClose }: { number?: string; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const [values, setValues] = useState<Partial<Record<keyof PastedApp, string>>>(
    number === undefined ? {} : { number },
  );
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: () => connectionsApi.pasteApp(cleaned(values)),
    onSuccess: async ({ app }) => {
      onClose();
      addToast({ text: `GitHub knows the key: ${app?.name ?? 'the App'} is set up.` });
      await client.invalidateQueries({ queryKey: connectionsKey });
    },
  });
  const change = (name: keyof PastedApp, value: string): void => {
    setValues({ ...values, [name]: value });
    save.reset();
  };
  const errorOf = (name: 'number' | 'privateKey'): string | undefined => {
    if (save.error instanceof ApiError && save.error.faultOf(name) !== undefined) return save.error.faultOf(name);
    if (!tried || (values[name] ?? '').trim() !== '') return undefined;
    return name === 'number' ? 'Type the App ID.' : 'Paste the private key.';
  };
  const submit = (): void => {
    setTried(true);
    if ((values.number ?? '').trim() !== '' && (values.privateKey ?? '').trim() !== '' && !save.isPending)
      save.mutate();
  };
  return (
    <Dialog
      open
      size="wide"
      title={number === undefined ? 'Paste an App' : 'Change the keys of the App'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" busy={save.isPending} onClick={submit}>
            Set it up
          </Button>
        </>
      }
    >
      <form
        className="grant-form"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        {fields.map((field) => (
          <Field
            key={field.name}
            label={field.label}
            note={'note' in field ? field.note : undefined}
            help={'help' in field ? field.help : undefined}
            error={field.name === 'number' ? errorOf('number') : undefined}
          >
            {(ids) => (
              <TextInput
                {...ids}
                mono
                type={isSecret.test(field.name) ? 'password' : 'text'}
                autoComplete="off"
                spellCheck={false}
                value={values[field.name] ?? ''}
                onChange={(event) => change(field.name, event.currentTarget.value)}
              />
            )}
          </Field>
        ))}
        <Field label="Private key" help="The PEM file that GitHub gave. Kept sealed." error={errorOf('privateKey')}>
          {(ids) => (
            <textarea
              {...ids}
              className="input mono"
              rows={5}
              spellCheck={false}
              value={values.privateKey ?? ''}
              onChange={(event) => change('privateKey', event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
      {save.error !== null && <ErrorNote title="It was not set up">{describeError(save.error)}</ErrorNote>}
    </Dialog>
  );
}

/** What was left empty stays as it was. */
function cleaned(values: Partial<Record<keyof PastedApp, string>>): PastedApp {
  const { number = '', privateKey = '', ...rest } = values;
  const more = Object.entries(rest).filter(([, value]) => value.trim() !== '');
  return {
    number: number.trim(),
    privateKey: privateKey.trim(),
    ...Object.fromEntries(more.map(([name, value]) => [name, value.trim()])),
  };
}
