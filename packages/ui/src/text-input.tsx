import type { InputHTMLAttributes, ReactElement, Ref } from 'react';
import { joinClasses } from './class-names.ts';

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** For paths, addresses and tokens. */
  mono?: boolean | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** One line of text; lives inside a Field. */
export function TextInput({ mono, className, ...rest }: TextInputProps): ReactElement {
  return <input type="text" {...rest} className={joinClasses('input', mono && 'mono', className)} />;
}
