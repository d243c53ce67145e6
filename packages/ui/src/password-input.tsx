import { useState, type ReactElement } from 'react';
import { TextInput, type TextInputProps } from './text-input.tsx';

/** A password that can be looked at while it is typed. */
export function PasswordInput(props: Omit<TextInputProps, 'type' | 'mono'>): ReactElement {
  const [shown, setShown] = useState(false);
  return (
    <span className="input-group">
      <TextInput spellCheck={false} autoCapitalize="off" {...props} type={shown ? 'text' : 'password'} />
      <button
        type="button"
        className="input-act"
        aria-pressed={shown}
        aria-label="Show the password"
        onClick={() => setShown(!shown)}
      >
        {shown ? 'Hide' : 'Show'}
      </button>
    </span>
  );
}
