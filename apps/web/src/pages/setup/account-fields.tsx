import type { ReactElement } from 'react';
import { Field } from '@devpulse/ui/field.tsx';
import { PasswordInput } from '@devpulse/ui/password-input.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { rateStrength } from './password-strength.ts';

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** The form was sent off: what is missing is said. */
  checked: boolean;
  /** What the server had against it. */
  fault: string | undefined;
}

/** True for what could be an e-mail address; whether it is one shows when mail reaches it. */
export function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}

/** What one is called. */
export function NameField({ value, onChange, checked, fault }: Props): ReactElement {
  return (
    <Field label="Name" error={checked && value.trim() === '' ? 'Say what you are called.' : fault}>
      {(ids) => (
        <TextInput
          {...ids}
          name="name"
          autoComplete="name"
          autoFocus
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** The address one will sign in with. */
export function AddressField(props: Props & { help: string; isMissing?: boolean; readOnly?: boolean }): ReactElement {
  const { value, onChange, checked, fault, help, isMissing = !isAddress(value), readOnly = false } = props;
  return (
    <Field label="E-mail address" help={help} error={checked && isMissing ? 'Type your e-mail address.' : fault}>
      {(ids) => (
        <TextInput
          {...ids}
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          readOnly={readOnly}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A password that is to be, and how hard it is to guess. */
export function NewPasswordField(props: Props & { autoFocus?: boolean }): ReactElement {
  const { value, onChange, checked, fault, autoFocus = false } = props;
  const strength = rateStrength(value);
  return (
    <Field
      label="Password"
      help={strength.words}
      error={checked && !strength.enough ? 'Take at least 10 characters.' : fault}
    >
      {(ids) => (
        <PasswordInput
          {...ids}
          name="password"
          autoComplete="new-password"
          autoFocus={autoFocus}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
