import type { ReactElement } from 'react';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';

interface Props {
  value: string;
  onChange: (slug: string) => void;
  error?: string | undefined;
  /** Said beneath, beside where it leads. */
  note?: string | undefined;
}

/** The name of a workspace in addresses. */
export function SlugField({ value, onChange, error, note }: Props): ReactElement {
  return (
    <Field
      label="Address"
      help={
        <>
          <span className="mono">
            {location.host}/w/{value || '…'}
          </span>{' '}
          opens it for its members. {note}
        </>
      }
      error={error}
    >
      {(ids) => (
        <TextInput
          {...ids}
          mono
          name="slug"
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value.toLowerCase().replaceAll(' ', '-'))}
        />
      )}
    </Field>
  );
}
