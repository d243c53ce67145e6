import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../../api-error.ts';
import { profileActs } from './profile-queries.ts';

/** One day off of one's own, with what it is called. */
export function AddDayOff({ onAdded }: { onAdded: () => Promise<void> }): ReactElement {
  const [day, setDay] = useState('');
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => profileActs.addHolidays([{ day, name: name.trim() }]),
    onSuccess: async () => {
      setDay('');
      setName('');
      await onAdded();
    },
  });
  const isWhole = day !== '' && name.trim() !== '';
  return (
    <form
      className="profile-day-off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !add.isPending) add.mutate();
      }}
    >
      <Field label="Day off">
        {(ids) => (
          <TextInput {...ids} type="date" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        )}
      </Field>
      <Field label="What it is">
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={200}
            placeholder="By the sea"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={add.isPending} disabled={!isWhole}>
        Add the day
      </Button>
      {add.error !== null && <ErrorNote title="The day was not kept">{describeError(add.error)}</ErrorNote>}
    </form>
  );
}
