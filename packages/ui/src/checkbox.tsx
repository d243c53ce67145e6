import { useId, type InputHTMLAttributes, type ReactElement, type ReactNode } from 'react';

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
  /** A second, quiet line. */
  help?: ReactNode;
}

/** A yes or no with its label at the right. */
export function Checkbox({ label, help, ...rest }: CheckboxProps): ReactElement {
  const id = useId();
  return (
    <div className="check">
      <input id={id} aria-describedby={help ? `${id}-help` : undefined} {...rest} type="checkbox" />
      <label htmlFor={rest.id ?? id}>{label}</label>
      {help && (
        <p id={`${id}-help`} className="field-help">
          {help}
        </p>
      )}
    </div>
  );
}
