import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { UpdateMe } from '@devpulse/contract/wire/people';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { meQuery } from '../../queries.ts';
import { ZoneField } from '../../zone-field.tsx';
import { weekdays } from '../../zones.ts';
import { SaveRow } from './save-row.tsx';

/** Name, zone and rest days. */
export function YouForm(): ReactElement {
  const { me, workspace } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState(me.name);
  const [zone, setZone] = useState(me.effectiveZone);
  const [rest, setRest] = useState<readonly number[]>(me.restWeekdays);
  const isRecut = zone !== me.effectiveZone;
  const change: UpdateMe = {
    ...(name.trim() === me.name ? {} : { name: name.trim() }),
    ...(isRecut ? { zone } : {}),
    ...(inOrder(rest).join() === inOrder(me.restWeekdays).join() ? {} : { restWeekdays: inOrder(rest) }),
  };
  const save = useMutation({
    mutationFn: () => api.updateMe(change),
    onSuccess: async (now) => {
      client.setQueryData(meQuery.queryKey, now);
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
    },
  });
  const fault = save.error instanceof ApiError ? save.error : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && name.trim() !== '') save.mutate();
      }}
    >
      <Field label="Name" error={name.trim() === '' ? 'Say what you are called.' : fault?.faultOf('name')}>
        {(ids) => (
          <TextInput
            {...ids}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <ZoneField
        value={zone}
        onChange={setZone}
        error={fault?.faultOf('zone')}
        help={
          isRecut
            ? 'All your days are cut again at midnight there: figures of single days, weeks and streaks may change. This takes a moment and can be undone by choosing the former zone.'
            : me.zone === null
              ? `The workspace’s, ${workspace.zone}, until you choose your own.`
              : 'Your days begin at midnight there.'
        }
      />
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
        changed={Object.keys(change).length > 0 && rest.length < 7}
        pending={save.isPending}
        saved={save.isSuccess}
        error={save.error}
      />
    </form>
  );
}

function inOrder(days: readonly number[]): number[] {
  return days.toSorted((one, other) => one - other);
}
