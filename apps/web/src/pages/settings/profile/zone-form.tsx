import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { ApiError } from '../../../api-error.ts';
import { api } from '../../../api.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { meQuery } from '../../../queries.ts';
import { ZoneField } from '../../../zone-field.tsx';
import { ZonePreview } from '../../../zone-preview.tsx';
import { SaveRow } from '../save-row.tsx';

/** In which zone one’s days are cut, and what another one would change. */
export function ZoneForm(): ReactElement {
  const { me, workspace } = useViewer();
  const client = useQueryClient();
  const [own, setOwn] = useState(me.zone !== null);
  const [zone, setZone] = useState(me.effectiveZone);
  const wanted = own ? zone : workspace.zone;
  const isRecut = wanted !== me.effectiveZone;
  const changed = own ? me.zone !== zone : me.zone !== null;
  const save = useMutation({
    mutationFn: () => api.updateMe({ zone: own ? zone : null }),
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
        if (!save.isPending) save.mutate();
      }}
    >
      <Checkbox
        label={`As the workspace: ${workspace.zone.replaceAll('_', ' ')}`}
        help="Then your days move with the workspace, should its zone change."
        checked={!own}
        onChange={(event) => setOwn(!event.currentTarget.checked)}
      />
      {own && <ZoneField value={zone} onChange={setZone} error={fault?.faultOf('zone')} />}
      {isRecut && <ZonePreview of="me" zone={wanted} />}
      <SaveRow changed={changed} pending={save.isPending} saved={save.isSuccess} error={save.error} />
    </form>
  );
}
