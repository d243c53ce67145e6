import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { WorkingCalendarView } from '@devpulse/contract/wire/calendar';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { weekdays } from '../../../zones.ts';
import { SaveRow } from '../../settings/save-row.tsx';
import { calendarActs, calendarQuery } from './calendar-queries.ts';

interface Props {
  calendar: WorkingCalendarView;
  mayChange: boolean;
}

/** Working days and hours. */
export function HoursForm({ calendar, mayChange }: Props): ReactElement {
  const client = useQueryClient();
  const [days, setDays] = useState<readonly number[]>(calendar.workingWeekdays);
  const [from, setFrom] = useState(toClock(calendar.fromMinute));
  const [until, setUntil] = useState(toClock(calendar.untilMinute));
  const wish = {
    workingWeekdays: days.toSorted((a, b) => a - b),
    fromMinute: toMinutes(from),
    // Midnight ends a day; it cannot be typed as 24:00.
    untilMinute: until === '00:00' ? 1440 : toMinutes(until),
  };
  const changed =
    wish.workingWeekdays.join() !== calendar.workingWeekdays.join() ||
    wish.fromMinute !== calendar.fromMinute ||
    wish.untilMinute !== calendar.untilMinute;
  const fault = days.length === 0 ? 'At least one day of the week is a working day.' : null;
  const isTurned = wish.fromMinute >= wish.untilMinute;
  const save = useMutation({
    mutationFn: () => calendarActs.update(wish),
    onSuccess: (now) => client.setQueryData(calendarQuery.queryKey, now),
  });
  return (
    <form
      className="calendar-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && fault === null && !isTurned) save.mutate();
      }}
    >
      <fieldset className="calendar-days" disabled={!mayChange}>
        <legend className="field-label">Working days</legend>
        {weekdays.map((weekday, index) => (
          <Checkbox
            key={weekday}
            label={weekday}
            checked={days.includes(index + 1)}
            onChange={(event) =>
              setDays(event.currentTarget.checked ? [...days, index + 1] : days.filter((day) => day !== index + 1))
            }
          />
        ))}
      </fieldset>
      {fault !== null && <p className="field-error">{fault}</p>}
      <div className="calendar-hours">
        <Field label="Work begins at">
          {(ids) => (
            <TextInput
              {...ids}
              type="time"
              disabled={!mayChange}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Work ends at" error={isTurned ? 'After it begins.' : undefined}>
          {(ids) => (
            <TextInput
              {...ids}
              type="time"
              disabled={!mayChange}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <p className="field-help">On the clock of whoever works, wherever they are.</p>
      {mayChange ? (
        <SaveRow
          changed={changed && fault === null && !isTurned}
          pending={save.isPending}
          saved={save.isSuccess}
          error={save.error}
        />
      ) : (
        <p className="page-note">Owners and admins of the workspace change the calendar.</p>
      )}
    </form>
  );
}

function toClock(minutes: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(minutes / 60) % 24)}:${part(minutes % 60)}`;
}

function toMinutes(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
