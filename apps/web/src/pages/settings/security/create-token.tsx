import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { type Scope, scopes, scopesForRole } from '@devpulse/contract/permissions';
import type { CreatedToken } from '@devpulse/contract/wire/tokens';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../../api-error.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { securityApi, tokensQuery } from './security-api.ts';

const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

interface Props {
  onMade: (made: CreatedToken) => void;
  onClose: () => void;
}

/** What a new token is called, what it may do, and how long. */
export function CreateToken({ onMade, onClose }: Props): ReactElement {
  const { session } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [days, setDays] = useState('90');
  const [tried, setTried] = useState(false);
  const offered = scopesForRole(session.workspace?.role ?? 'member');
  const create = useMutation({
    mutationFn: () => securityApi.createToken({ name: name.trim(), scopes: [...chosen], expiresInDays: Number(days) }),
    onSuccess: async (made) => {
      onMade(made);
      onClose();
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const isWhole = name.trim() !== '' && chosen.length > 0;
  const submit = (): void => {
    setTried(true);
    if (isWhole && !create.isPending) create.mutate();
  };
  return (
    <Dialog
      open
      title="Make a token"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" busy={create.isPending} onClick={submit}>
            Make the token
          </Button>
        </>
      }
    >
      <form
        className="token-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Name"
          help="What it is for, such as the machine and the script."
          error={tried && name.trim() === '' ? 'A token needs a name.' : undefined}
        >
          {(ids) => (
            <TextInput {...ids} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          )}
        </Field>
        <fieldset>
          <legend className="field-label">What it may do</legend>
          {offered.map((scope) => (
            <Checkbox
              key={scope}
              label={scope}
              help={scopes[scope]}
              checked={chosen.includes(scope)}
              onChange={(event) =>
                setChosen(event.currentTarget.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
              }
            />
          ))}
          {chosen.length === 0 && <p className="field-error">Choose at least one.</p>}
        </fieldset>
        <Field label="Ends after">
          {(ids) => (
            <Select {...ids} options={spans} value={days} onChange={(event) => setDays(event.currentTarget.value)} />
          )}
        </Field>
      </form>
      {create.error !== null && <ErrorNote title="No token was made">{describeError(create.error)}</ErrorNote>}
    </Dialog>
  );
}
