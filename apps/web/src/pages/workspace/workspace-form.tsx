import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { UpdateWorkspace } from '@devpulse/contract/wire/people';
import { faultOfSlug } from '@devpulse/contract/slug';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { workspaceQuery } from '../../queries.ts';
import { ZoneField } from '../../zone-field.tsx';
import { ZonePreview } from '../../zone-preview.tsx';
import { weekdays, weekStarts } from '../../zones.ts';
import { SaveRow } from '../settings/save-row.tsx';
import { PrivateRepositoriesField } from './private-repositories-field.tsx';
import { SlugField } from './slug-field.tsx';

const departures = [
  { value: 'keep', label: 'Keep the name that git knows' },
  { value: 'anonymise', label: 'Take name and address out' },
];

/** What holds for everybody in the workspace. */
export function WorkspaceForm(): ReactElement {
  const { workspace } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState(workspace.name);
  const [slug, setSlug] = useState(workspace.slug ?? '');
  const [zone, setZone] = useState(workspace.zone);
  const [weekStart, setWeekStart] = useState(String(workspace.weekStart));
  const [departed, setDeparted] = useState(workspace.departedPeople);
  const [shown, setShown] = useState(workspace.privateRepositories);
  const change: UpdateWorkspace = {
    ...(name.trim() === workspace.name ? {} : { name: name.trim() }),
    ...(slug === (workspace.slug ?? '') ? {} : { slug }),
    ...(zone === workspace.zone ? {} : { zone }),
    ...(Number(weekStart) === workspace.weekStart ? {} : { weekStart: Number(weekStart) }),
    ...(departed === workspace.departedPeople ? {} : { departedPeople: departed }),
    ...(shown === workspace.privateRepositories ? {} : { privateRepositories: shown }),
  };
  const save = useMutation({
    mutationFn: () => api.updateWorkspace(change),
    onSuccess: async (now) => {
      client.setQueryData(workspaceQuery.queryKey, now);
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'workspace' });
    },
  });
  const fault = save.error instanceof ApiError ? save.error : null;
  const slugFault = change.slug === undefined ? null : faultOfSlug(slug);
  const isKnown = weekStarts.some(({ value }) => value === weekStart);
  const starts = isKnown
    ? weekStarts
    : [...weekStarts, { value: weekStart, label: weekdays[Number(weekStart) - 1] ?? weekStart }];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && name.trim() !== '' && slugFault === null) save.mutate();
      }}
    >
      <Field
        label="Name of the workspace"
        error={name.trim() === '' ? 'A workspace has a name.' : fault?.faultOf('name')}
      >
        {(ids) => <TextInput {...ids} value={name} onChange={(event) => setName(event.currentTarget.value)} />}
      </Field>
      {workspace.kind !== 'demo' && (
        <SlugField
          value={slug}
          onChange={setSlug}
          error={
            slugFault === null
              ? fault?.faultOf('slug') && `This address ${fault.faultOf('slug') ?? ''}.`
              : `This address ${slugFault}.`
          }
          note={
            change.slug !== undefined && workspace.slug !== null
              ? `Links with ${workspace.slug} go on leading here.`
              : undefined
          }
        />
      )}
      <ZoneField
        value={zone}
        onChange={setZone}
        error={fault?.faultOf('zone')}
        help="Cuts the days of figures about everyone."
      />
      {change.zone !== undefined && <ZonePreview of="workspace" zone={zone} />}
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
      {workspace.kind === 'team' && (
        <Field
          label="When a member deletes their account"
          help="Their commits stay and count in both cases, since they are the workspace’s."
        >
          {(ids) => (
            <Select
              {...ids}
              options={departures}
              value={departed}
              onChange={(event) => setDeparted(event.currentTarget.value === 'keep' ? 'keep' : 'anonymise')}
            />
          )}
        </Field>
      )}
      {workspace.kind !== 'demo' && <PrivateRepositoriesField value={shown} onChange={setShown} />}
      <SaveRow
        changed={Object.keys(change).length > 0}
        pending={save.isPending}
        saved={save.isSuccess}
        error={fault?.faultOf('slug') !== undefined || fault?.faultOf('name') !== undefined ? null : save.error}
      />
    </form>
  );
}
