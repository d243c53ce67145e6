import { useId, useState, type ReactElement } from 'react';
import type { Day } from '@devpulse/contract/day';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { isDay } from '../range/days.ts';
import type { Window } from '../range/window-of.ts';

export interface DaysDialogProps {
  window: Window;
  today: Day;
  onClose: () => void;
  onChoose: (window: Window) => void;
}

/** Two days of one's own. */
export function DaysDialog(props: DaysDialogProps): ReactElement {
  const form = useId();
  return (
    <Dialog
      open
      title="Choose the days"
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form={form}>
            Show these days
          </Button>
        </>
      }
    >
      <DaysForm id={form} {...props} />
    </Dialog>
  );
}

function DaysForm({ id, window, today, onChoose }: DaysDialogProps & { id: string }): ReactElement {
  const [from, setFrom] = useState(window.from);
  const [to, setTo] = useState(window.to);
  const [fault, setFault] = useState<string>();
  return (
    <form
      id={id}
      className="days-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isDay(from) || !isDay(to)) setFault('Give both days.');
        else if (from > to) setFault('The first day lies after the last one.');
        else onChoose({ from, to });
      }}
    >
      <Field label="First day">
        {(ids) => (
          <TextInput
            {...ids}
            type="date"
            value={from}
            max={today}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Last day" error={fault}>
        {(ids) => (
          <TextInput
            {...ids}
            type="date"
            value={to}
            max={today}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        )}
      </Field>
    </form>
  );
}
