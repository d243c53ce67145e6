import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import type { CalendarHoliday, WorkingCalendarView } from '@devpulse/contract/wire/calendar';
import { Button } from '@devpulse/ui/button.tsx';
import { type Column, DataTable } from '@devpulse/ui/data-table.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { describeError } from '../../../api-error.ts';
import { calendarActs, calendarQuery } from './calendar-queries.ts';
import { readHolidayLines } from './read-holiday-lines.ts';

interface Props {
  calendar: WorkingCalendarView;
  mayChange: boolean;
}

/** The holidays of the workspace; a list can be pasted. */
export function Holidays({ calendar, mayChange }: Props): ReactElement {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (day: string) => calendarActs.removeHoliday(day),
    onSuccess: () => client.invalidateQueries({ queryKey: calendarQuery.queryKey }),
  });
  return (
    <section className="calendar-holidays" aria-labelledby="calendar-holidays">
      <h2 id="calendar-holidays">Holidays</h2>
      <DataTable
        caption="Holidays"
        columns={columnsOf(mayChange ? (day) => remove.mutate(day) : undefined)}
        rows={calendar.holidays}
        rowKey={({ day }) => day}
        empty="No holiday is kept yet."
      />
      {remove.error !== null && <ErrorNote title="The holiday is still there">{describeError(remove.error)}</ErrorNote>}
      {mayChange && <PasteForm />}
    </section>
  );
}

function columnsOf(onRemove: ((day: string) => void) | undefined): readonly Column<CalendarHoliday>[] {
  const columns: Column<CalendarHoliday>[] = [
    { key: 'day', head: 'Day', cell: ({ day }) => formatFullDay(day) },
    { key: 'name', head: 'Name', rowHead: true, grow: true, cell: ({ name }) => name },
  ];
  if (onRemove === undefined) return columns;
  return [
    ...columns,
    {
      key: 'remove',
      head: <span className="vh">Remove</span>,
      align: 'end',
      cell: ({ day, name }) => (
        <Button tone="quiet" aria-label={`Remove ${name} on ${formatFullDay(day)}`} onClick={() => onRemove(day)}>
          Remove
        </Button>
      ),
    },
  ];
}

function PasteForm(): ReactElement {
  const id = useId();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const { holidays, faults } = readHolidayLines(text);
  const add = useMutation({
    mutationFn: () => calendarActs.addHolidays(holidays),
    onSuccess: (now) => {
      client.setQueryData(calendarQuery.queryKey, now);
      setText('');
    },
  });
  const isReady = holidays.length > 0 && faults.length === 0;
  return (
    <form
      className="calendar-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !add.isPending) add.mutate();
      }}
    >
      <div className="field">
        <label className="field-label" htmlFor={id}>
          Add holidays
        </label>
        <textarea
          id={id}
          className="input calendar-lines"
          rows={4}
          spellCheck={false}
          placeholder="2026-12-25 Christmas Day"
          aria-describedby={`${id}-help ${id}-error`}
          aria-invalid={faults.length > 0 ? true : undefined}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p id={`${id}-help`} className="field-help">
          One a line: the day, then its name. A whole list can be pasted; a day that is there already gets the new name.
        </p>
        <p id={`${id}-error`} className="field-error" aria-live="polite">
          {faults
            .slice(0, 3)
            .map(({ line, words }) => `Line ${line}: ${words}.`)
            .join(' ')}
        </p>
      </div>
      {add.error !== null && <ErrorNote title="That was not kept">{describeError(add.error)}</ErrorNote>}
      <div>
        <Button type="submit" busy={add.isPending} disabled={!isReady}>
          {holidays.length > 1 ? `Add ${holidays.length} holidays` : 'Add'}
        </Button>
      </div>
    </form>
  );
}
