import { useQuery } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import type { Duty, TeamView } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../../api-error.ts';
import { everybodyQuery } from '../../../people/people-queries.ts';
import { type Choice, PersonChoice } from '../../../people/person-choice.tsx';
import { PersonName } from '../../../people/person-name.tsx';
import { teamActs, teamsQuery } from './team-queries.ts';
import { useTeamAct } from './use-team-act.ts';

interface Props {
  team: TeamView;
  duty: Duty;
  onDone: () => void;
  onClose: () => void;
}

/** Puts somebody into a team, from a day on; out of another one on the same day, if they move. */
export function AddDialog({ team, duty, onDone, onClose }: Props): ReactElement {
  const form = useId();
  const [person, setPerson] = useState<Choice | null>(null);
  const [from, setFrom] = useState(team.today);
  const [leaves, setLeaves] = useState('');
  const add = useTeamAct(
    (personId: string) => teamActs.addStay(team.id, { personId, duty, from, ...(leaves === '' ? {} : { leaves }) }),
    onDone,
  );
  const title = duty === 'member' ? `Add somebody to ${team.name}` : `Add a manager of ${team.name}`;
  if (person === null)
    return (
      <Dialog open title={title} onClose={onClose}>
        {duty === 'manager' && (
          <p className="quiet">Managers have the role manager, admin or owner in the workspace.</p>
        )}
        <PersonChoice
          query={everybodyQuery}
          chosen={undefined}
          onChoose={setPerson}
          nobody="There is nobody here yet."
        />
      </Dialog>
    );
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => setPerson(null)}>Somebody else</Button>
          <Button tone="primary" type="submit" form={form} busy={add.isPending} disabled={from === ''}>
            {duty === 'member' ? 'Add to the team' : 'Make manager'}
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
          if (!add.isPending && from !== '') add.mutate(person.id);
        }}
      >
        <PersonName name={person.name} avatar={person.avatar} />
        <Field label="First day" help="In the time zone of the workspace.">
          {(ids) => (
            <TextInput {...ids} type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          )}
        </Field>
        {duty === 'member' && <LeavesField team={team} value={leaves} onChange={setLeaves} />}
        {add.error !== null && <ErrorNote title="That was not kept">{describeError(add.error)}</ErrorNote>}
      </form>
    </Dialog>
  );
}

function LeavesField(props: { team: TeamView; value: string; onChange: (team: string) => void }): ReactElement | null {
  const { data, error } = useQuery(teamsQuery(false));
  const others = data?.teams.filter(({ id }) => id !== props.team.id) ?? [];
  if (error !== null) return <ErrorNote title="The other teams could not be listed">{describeError(error)}</ErrorNote>;
  if (others.length === 0) return null;
  return (
    <Field label="Leaves on that day" help="Their time there stays in the history of that team.">
      {(ids) => (
        <Select
          {...ids}
          value={props.value}
          options={[{ value: '', label: 'No team' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
