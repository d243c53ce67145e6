import { useId, type ReactElement, type ReactNode } from 'react';

export interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  /** What is wrong and how to mend it. */
  error?: ReactNode;
  /** Words beside the label, such as `optional`. */
  note?: ReactNode;
  /** Draws the control; it must spread what it is given. */
  children: (ids: FieldIds) => ReactNode;
}

/** Label above, help below, error beneath in words. */
export function Field({ label, help, error, note, children }: FieldProps): ReactElement {
  const id = useId();
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
        {note && <span className="field-note">{note}</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {help && (
        <p id={`${id}-help`} className="field-help">
          {help}
        </p>
      )}
      {/* Always there, so that an error that comes later is announced. */}
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {error}
      </p>
    </div>
  );
}
