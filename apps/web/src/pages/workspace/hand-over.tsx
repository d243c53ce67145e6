import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { sessionQuery } from '../../queries.ts';
import { membersQuery, workspaceApi } from './workspace-api.ts';

/** Makes somebody else the owner; whoever hands over stays as an admin. */
export function HandOver(): ReactElement {
  const { me, workspace } = useViewer();
  const client = useQueryClient();
  const { data: members, error } = useQuery(membersQuery);
  const [heirId, setHeirId] = useState('');
  const [asking, setAsking] = useState(false);
  const heirs = (members ?? []).filter((one) => one.state === 'active' && one.signsIn && one.personId !== me.id);
  const heir = heirs.find((one) => one.personId === heirId);
  const handOver = useMutation({
    mutationFn: (personId: string) => workspaceApi.handOver(personId),
    onSuccess: async () => {
      setAsking(false);
      addToast({ text: `${heir?.name ?? 'Somebody else'} owns ${workspace.name} now; you are an admin.` });
      await Promise.all([
        client.invalidateQueries({ queryKey: membersQuery.queryKey }),
        client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
    },
  });
  if (error !== null) return <ErrorNote title="The members could not be listed">{describeError(error)}</ErrorNote>;
  if (members !== undefined && heirs.length === 0)
    return <p className="page-note">Nobody else is an active member yet. Invite whoever shall take it over.</p>;
  return (
    <div className="workspace-act">
      <Field label="To" help="They become an owner, and you an admin. Only they can give it back.">
        {(ids) => (
          <Select
            {...ids}
            value={heirId}
            options={[
              { value: '', label: 'Choose a member' },
              ...heirs.map(({ personId, name }) => ({ value: personId, label: name })),
            ]}
            onChange={(event) => setHeirId(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button disabled={heir === undefined} onClick={() => setAsking(true)}>
        Hand over
      </Button>
      <Dialog
        open={asking && heir !== undefined}
        title={`Hand ${workspace.name} over to ${heir?.name ?? ''}?`}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button tone="danger" busy={handOver.isPending} onClick={() => heir && handOver.mutate(heir.personId)}>
              Hand over
            </Button>
          </>
        }
      >
        <p>
          {heir?.name} may then do everything here, also delete the workspace. You stay as an admin, and cannot take it
          back by yourself.
        </p>
        {handOver.error !== null && <ErrorNote title="It is still yours">{describeError(handOver.error)}</ErrorNote>}
      </Dialog>
    </div>
  );
}
