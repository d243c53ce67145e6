import { useId, useState, type ReactElement } from 'react';
import type { TeamView } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { teamActs } from './team-queries.ts';
import { useTeamAct } from './use-team-act.ts';

interface Props {
  /** Left out: a new one. */
  team?: TeamView;
  onClose: () => void;
  onDone: (team: TeamView) => void;
}

/** The name and the address of a team, new or renamed. */
export function TeamDialog({ team, onClose, onDone }: Props): ReactElement {
  const form = useId();
  const [name, setName] = useState(team?.name ?? '');
  const [slug, setSlug] = useState(team?.slug ?? '');
  const save = useTeamAct(
    () =>
      team === undefined
        ? teamActs.make({ name: name.trim(), ...(slug.trim() === '' ? {} : { slug: slug.trim() }) })
        : teamActs.update(team.id, { name: name.trim(), slug: slug.trim() }),
    onDone,
  );
  const fault = save.error instanceof ApiError ? save.error : null;
  return (
    <Dialog
      open
      title={team === undefined ? 'New team' : `Rename ${team.name}`}
      onClose={onClose}
      actions={
        <Button tone="primary" type="submit" form={form} busy={save.isPending} disabled={name.trim() === ''}>
          {team === undefined ? 'Make the team' : 'Save'}
        </Button>
      }
    >
      <form
        id={form}
        className="teams-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending && name.trim() !== '') save.mutate(undefined);
        }}
      >
        <Field label="Name" error={fault?.faultOf('name')}>
          {(ids) => (
            <TextInput
              {...ids}
              autoFocus
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Short name"
          note={team === undefined ? 'optional' : undefined}
          help="Small letters, digits and dashes, for programs that ask. Left out, it is made from the name."
          error={fault?.faultOf('slug')}
        >
          {(ids) => <TextInput {...ids} mono value={slug} onChange={(event) => setSlug(event.currentTarget.value)} />}
        </Field>
        {save.error !== null && (fault === null || fault.problems.length === 0) && (
          <ErrorNote title="That was not kept">{describeError(save.error)}</ErrorNote>
        )}
      </form>
    </Dialog>
  );
}
