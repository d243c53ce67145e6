import { useId, useState, type ReactElement } from 'react';
import type { StayView, TeamView } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { PersonName } from '../../../people/person-name.tsx';
import { teamActs } from './team-queries.ts';
import { useTeamAct } from './use-team-act.ts';

interface Props {
  team: TeamView;
  stay: StayView;
  onDone: () => void;
  onClose: () => void;
}

/** From when until when somebody is in a team. Leaving is an end; striking out says that it never was. */
export function StayDialog({ team, stay, onDone, onClose }: Props): ReactElement {
  const form = useId();
  const [from, setFrom] = useState(stay.from);
  const [until, setUntil] = useState(stay.until ?? '');
  const save = useTeamAct(
    () => teamActs.updateStay(team.id, stay.id, { from, until: until === '' ? null : until }),
    onDone,
  );
  const strike = useTeamAct(() => teamActs.removeStay(team.id, stay.id), onDone);
  const error = save.error ?? strike.error;
  const fault = save.error instanceof ApiError ? save.error : null;
  return (
    <Dialog
      open
      title={`${stay.person.name} in ${team.name}`}
      onClose={onClose}
      actions={
        <>
          <Button tone="danger" busy={strike.isPending} onClick={() => strike.mutate(undefined)}>
            Strike out
          </Button>
          <Button tone="primary" type="submit" form={form} busy={save.isPending} disabled={from === ''}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="teams-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending && from !== '') save.mutate(undefined);
        }}
      >
        <PersonName name={stay.person.name} avatar={stay.person.avatar} />
        <Field label="First day" error={fault?.faultOf('from')}>
          {(ids) => (
            <TextInput {...ids} type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          )}
        </Field>
        <Field
          label="Left on"
          note="empty while they stay"
          help="The first day on which they are no longer in the team."
          error={fault?.faultOf('until')}
        >
          {(ids) => (
            <TextInput {...ids} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
          )}
        </Field>
        <p className="quiet">
          Whoever leaves keeps their history here. Strike out only what was entered by mistake: nothing of it stays.
        </p>
        {error !== null && (fault === null || fault.problems.length === 0) && (
          <ErrorNote title="That was not kept">{describeError(error)}</ErrorNote>
        )}
      </form>
    </Dialog>
  );
}
