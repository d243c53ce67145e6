import { useMemo, type ReactElement } from 'react';
import { Combobox } from '@devpulse/ui/combobox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { listZones, timeIn } from './zones.ts';
import { useNow } from './use-now.ts';

interface Props {
  value: string;
  onChange: (zone: string) => void;
  help?: string;
  error?: string | undefined;
}

/** The zone in which days are cut, with the time it is there now. */
export function ZoneField({ value, onChange, help, error }: Props): ReactElement {
  const now = useNow(30_000);
  const options = useMemo(() => listZones(now, value), [now, value]);
  return (
    <Field
      label="Time zone"
      help={`${help ?? 'Your days begin at midnight there.'} It is ${timeIn(value, now)} there now.`}
      error={error}
    >
      {(ids) => <Combobox {...ids} options={options} value={value} onChange={onChange} />}
    </Field>
  );
}
