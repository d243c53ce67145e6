import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { describeError } from '../../../api-error.ts';
import { api } from '../../../api.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { meQuery } from '../../../queries.ts';
import { weekdays } from '../../../zones.ts';
import { calendarQuery } from '../../workspace/calendar/calendar-queries.ts';
import { SaveRow } from '../save-row.tsx';
import { AddDayOff } from './add-day-off.tsx';
import { ownHolidaysQuery, profileActs } from './profile-queries.ts';

/** Days that pause one’s own streak. */
export function RestForm(): ReactElement {
  return (
    <div className="profile-stack">
      <RestDays />
      <OwnHolidays />
    </div>
  );
}

function RestDays(): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const [rest, setRest] = useState<readonly number[]>(me.restWeekdays);
  const wanted = rest.toSorted((one, other) => one - other);
  const save = useMutation({
    mutationFn: () => api.updateMe({ restWeekdays: wanted }),
    onSuccess: async (now) => {
      client.setQueryData(meQuery.queryKey, now);
      await client.invalidateQueries({ queryKey: ['widget'] });
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && rest.length < 7) save.mutate();
      }}
    >
      <fieldset className="settings-days">
        <legend className="field-label">Rest days</legend>
        <p className="field-help">
          They neither break a streak nor count for one. What you do on them is counted all the same.
        </p>
        <div>
          {weekdays.map((weekday, index) => (
            <Checkbox
              key={weekday}
              label={weekday}
              checked={rest.includes(index + 1)}
              onChange={(event) =>
                setRest(event.currentTarget.checked ? [...rest, index + 1] : rest.filter((day) => day !== index + 1))
              }
            />
          ))}
        </div>
        {rest.length === 7 && <p className="field-error">At least one day of the week is no rest day.</p>}
      </fieldset>
      <SaveRow
        changed={wanted.join() !== me.restWeekdays.toSorted((a, b) => a - b).join() && rest.length < 7}
        pending={save.isPending}
        saved={save.isSuccess}
        error={save.error}
      />
    </form>
  );
}

function OwnHolidays(): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const { data: own, error } = useQuery(ownHolidaysQuery);
  const { data: calendar, error: calendarError } = useQuery(calendarQuery);
  const coming = own?.holidays.filter(({ day }) => day >= me.today) ?? [];
  const known = new Set(own?.holidays.map(({ day }) => day));
  const missing = calendar?.holidays.filter(({ day }) => day >= me.today && !known.has(day)) ?? [];
  const settle = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ownHolidaysQuery.queryKey });
    await client.invalidateQueries({ queryKey: ['widget'] });
  };
  const take = useMutation({ mutationFn: () => profileActs.addHolidays(missing.slice(0, 400)), onSuccess: settle });
  const remove = useMutation({ mutationFn: (day: string) => profileActs.removeHoliday(day), onSuccess: settle });
  const failed = error ?? calendarError ?? take.error ?? remove.error;
  return (
    <section className="profile-stack" aria-label="Your holidays">
      <p className="field-label">Your holidays</p>
      <p className="field-help">
        Days off of your own, that pause a streak. The holidays of the workspace are for everybody; they pause your
        streak once you take them over.
      </p>
      {own !== undefined && coming.length === 0 && <p className="quiet">No day off is ahead of you.</p>}
      <ul className="profile-days">
        {coming.map(({ day, name }) => (
          <li key={day}>
            <span>
              {formatFullDay(day)} · {name}
            </span>
            <Button tone="quiet" aria-label={`Remove ${name}`} onClick={() => remove.mutate(day)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      <AddDayOff onAdded={settle} />
      {missing.length > 0 && (
        <div>
          <Button busy={take.isPending} onClick={() => take.mutate()}>
            {missing.length === 1
              ? `Take over ${missing[0]?.name ?? ''} from the workspace`
              : `Take over ${missing.length} holidays of the workspace`}
          </Button>
        </div>
      )}
      {failed !== null && <ErrorNote title="That did not work">{describeError(failed)}</ErrorNote>}
    </section>
  );
}
