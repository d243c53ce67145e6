import { useId, type ReactElement, type ReactNode } from 'react';

export interface SegmentedProps<Value extends string> {
  /** Name of the whole, read aloud: `Range`. */
  label: string;
  value: Value | null;
  options: readonly { value: Value; label: ReactNode; title?: string }[];
  onChange: (value: Value) => void;
}

/** A few ways, one of them in force: radio buttons in one frame, so arrows move and one tab stop is enough. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>): ReactElement {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={props.label}>
      {props.options.map((option) => (
        <label key={option.value} title={option.title}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={props.value === option.value}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
