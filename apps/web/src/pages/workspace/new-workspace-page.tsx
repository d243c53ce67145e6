import './workspace.css';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { faultOfSlug, proposeSlug } from '@devpulse/contract/slug';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../api-error.ts';
import { enterWorkspace } from '../../frame/enter-workspace.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { ZoneField } from '../../zone-field.tsx';
import { weekStarts } from '../../zones.ts';
import { SlugField } from './slug-field.tsx';
import { workspaceApi } from './workspace-api.ts';

/** A new workspace for a team; whoever makes it is its owner and goes there. */
export function NewWorkspacePage(): ReactElement {
  const { me, workspace } = useViewer();
  const [name, setName] = useState('');
  const [typedSlug, setTypedSlug] = useState<string | null>(null);
  const [zone, setZone] = useState(me.effectiveZone);
  const [weekStart, setWeekStart] = useState(String(workspace.weekStart));
  const [checked, setChecked] = useState(false);
  const slug = typedSlug ?? proposeSlug(name);
  const make = useMutation({
    mutationFn: () => workspaceApi.create({ name: name.trim(), slug, zone, weekStart: Number(weekStart) }),
    onSuccess: ({ id }) => enterWorkspace(id),
  });
  const fault = make.error instanceof ApiError ? make.error : null;
  const slugFault = faultOfSlug(slug);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (name.trim() !== '' && slugFault === null && !make.isPending) make.mutate();
  };
  return (
    <>
      <PageHead title="New workspace" />
      <div className="page-body workspace-page">
        <p className="page-note">
          A workspace has its own sources, numbers and people; nothing of {workspace.name} is seen there. You are its
          owner.
        </p>
        <form className="workspace-invite" noValidate onSubmit={submit}>
          <Field
            label="Name"
            error={checked && name.trim() === '' ? 'A workspace has a name.' : fault?.faultOf('name')}
          >
            {(ids) => (
              <TextInput
                {...ids}
                name="name"
                autoComplete="off"
                autoFocus
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <SlugField
            value={slug}
            onChange={setTypedSlug}
            error={
              (checked || typedSlug !== null) && slugFault !== null
                ? `This address ${slugFault}.`
                : fault?.faultOf('slug') && `This address ${fault.faultOf('slug') ?? ''}.`
            }
          />
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
                options={weekStarts}
                value={weekStart}
                onChange={(event) => setWeekStart(event.currentTarget.value)}
              />
            )}
          </Field>
          {fault !== null && fault.problems.length === 0 && (
            <ErrorNote title="It was not made">{describeError(fault)} What you typed is still here.</ErrorNote>
          )}
          <div>
            <Button tone="primary" type="submit" busy={make.isPending}>
              Make the workspace
            </Button>
          </div>
        </form>
      </div>
    </>
  );
}
