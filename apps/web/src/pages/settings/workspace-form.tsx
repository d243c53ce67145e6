import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { UpdateWorkspace } from '@devpulse/contract/wire/people';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { workspaceQuery } from '../../queries.ts';
import { ZoneField } from '../../zone-field.tsx';
import { weekdays, weekStarts } from '../../zones.ts';
import { SaveRow } from './save-row.tsx';

/** What holds for everybody in the workspace. */
export function WorkspaceForm(): ReactElement {
  const { workspace } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState(workspace.name);
  const [zone, setZone] = useState(workspace.zone);
  const [weekStart, setWeekStart] = useState(String(workspace.weekStart));
  const change: UpdateWorkspace = {
    ...(name.trim() === workspace.name ? {} : { name: name.trim() }),
    ...(zone === workspace.zone ? {} : { zone }),
    ...(Number(weekStart) === workspace.weekStart ? {} : { weekStart: Number(weekStart) }),
  };
  const save = useMutation({
    mutationFn: () => api.updateWorkspace(change),
    onSuccess: async (now) => {
      client.setQueryData(workspaceQuery.queryKey, now);
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'workspace' });
    },
  });
  const fault = save.error instanceof ApiError ? save.error : null;
  const isKnown = weekStarts.some(({ value }) => value === weekStart);
  const starts = isKnown
    ? weekStarts
    : [...weekStarts, { value: weekStart, label: weekdays[Number(weekStart) - 1] ?? weekStart }];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && name.trim() !== '') save.mutate();
      }}
    >
      <Field
        label="Name of the workspace"
        error={name.trim() === '' ? 'A workspace has a name.' : fault?.faultOf('name')}
      >
        {(ids) => <TextInput {...ids} value={name} onChange={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <ZoneField
        value={zone}
        onChange={setZone}
        error={fault?.faultOf('zone')}
        help="Cuts the days of figures about everyone."
      />
      <Field label="Weeks start on">
        {(ids) => (
          <Select
            {...ids}
            options={starts}
            value={weekStart}
            onChange={(event) => setWeekStart(event.currentTarget.value)}
          />
        )}
      </Field>
      <SaveRow
        changed={Object.keys(change).length > 0}
        pending={save.isPending}
        saved={save.isSuccess}
        error={save.error}
      />
    </form>
  );
}
