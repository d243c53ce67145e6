import type { ReactElement } from 'react';
import type { WorkspaceView } from '@devpulse/contract/wire/people';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { useViewer } from '../../frame/use-viewer.ts';

type Choice = WorkspaceView['privateRepositories'];

const choices: { value: Choice; label: string }[] = [
  { value: 'proven', label: 'To whoever may read them at GitHub' },
  { value: 'members', label: 'To every member of the workspace' },
];

/** Who is told of private repositories; for owners to decide, and for all who look after the workspace to know. */
export function PrivateRepositoriesField(props: { value: Choice; onChange: (choice: Choice) => void }): ReactElement {
  const { session } = useViewer();
  const isOwner = session.workspace?.role === 'owner';
  const help = 'Their names, commits and files. Totals count all repositories in both cases.';
  return (
    <Field label="Private repositories are shown" help={isOwner ? help : `${help} Owners decide this.`}>
      {(ids) => (
        <Select
          {...ids}
          options={choices}
          value={props.value}
          disabled={!isOwner}
          onChange={(event) => props.onChange(event.currentTarget.value === 'members' ? 'members' : 'proven')}
        />
      )}
    </Field>
  );
}
