import type { ReactElement, Ref, SelectHTMLAttributes } from 'react';
import { joinClasses } from './class-names.ts';

export interface SelectOption {
  value: string;
  label: string;
}

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'children'> {
  options: readonly SelectOption[];
  ref?: Ref<HTMLSelectElement> | undefined;
}

/** The native list, which every phone and reader already knows. */
export function Select({ options, className, ...rest }: SelectProps): ReactElement {
  return (
    <select {...rest} className={joinClasses('input select', className)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
