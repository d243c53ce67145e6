import type { ReactElement } from 'react';
import { Field } from '@devpulse/ui/field.tsx';
import { PasswordInput } from '@devpulse/ui/password-input.tsx';

interface Props {
  value: string;
  onChange: (password: string) => void;
  /** The server has said that it is another one. */
  isWrong: boolean;
  label?: string;
}

/** The password one has, as proof of being oneself. */
export function OwnPasswordField({ value, onChange, isWrong, label = 'Your password' }: Props): ReactElement {
  return (
    <Field label={label} error={isWrong ? 'This is not your password.' : undefined}>
      {(ids) => (
        <PasswordInput
          {...ids}
          autoComplete="current-password"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
