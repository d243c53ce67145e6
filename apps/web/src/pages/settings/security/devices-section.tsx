import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { DeviceView } from '@devpulse/contract/wire/devices';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { AskedList } from './asked-list.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { devicesQuery, securityApi } from './security-api.ts';

/** The programs that were paired. */
export function DevicesSection(): ReactElement {
  const query = useQuery(devicesQuery);
  return (
    <div className="signed-in">
      <p className="page-note">
        A program on a computer is paired once, by a short code that it shows. It then acts in your name, but can make
        neither tokens nor other devices.
      </p>
      <AskedList what="The devices" query={query}>
        {({ devices }) =>
          devices.length === 0 ? (
            <EmptyState title="No device is paired.">Start pairing in the program; it shows the code.</EmptyState>
          ) : (
            <ul className="signed-list" aria-label="Devices">
              {devices.map((device) => (
                <DeviceRow key={device.id} device={device} />
              ))}
            </ul>
          )
        }
      </AskedList>
      <div>
        <Link to={paths.pair} className="btn">
          Pair a device
        </Link>
      </div>
    </div>
  );
}

function DeviceRow({ device }: { device: DeviceView }): ReactElement {
  const { me, session } = useViewer();
  const client = useQueryClient();
  const [open, setOpen] = useState<'name' | 'revoke' | null>(null);
  const stopped = device.state === 'stopped';
  const items: MenuItem[] = stopped
    ? [{ id: 'revoke', label: 'Take off the list', icon: 'bin', onSelect: () => setOpen('revoke') }]
    : [
        { id: 'name', label: 'Name it', onSelect: () => setOpen('name') },
        { id: 'revoke', label: 'Revoke', icon: 'bin', tone: 'danger', parted: true, onSelect: () => setOpen('revoke') },
      ];
  const facts = [
    device.system,
    device.program,
    ...(session.workspaces.length > 1 ? [`acts in ${device.workspace.name}`] : []),
    `paired ${formatInstant(device.pairedAt, me.effectiveZone)}`,
    `last used ${formatInstant(device.lastSeenAt, me.effectiveZone)}`,
  ].filter((fact) => fact !== '');
  return (
    <li className="signed-row">
      <div>
        <h3>
          {device.name}
          {stopped && <StateChip state="failed">Stopped</StateChip>}
        </h3>
        <p>
          {facts.join(' · ')} · from <span className="mono">{device.address}</span>
        </p>
        {stopped && (
          <p className="signed-warning">
            A refresh token of it came twice, as happens when somebody copied it, so everything it was given was
            revoked. If the device is yours, pair it again; if you do not know why, look for what could read its files.
          </p>
        )}
      </div>
      <Menu label={`${device.name}: menu`} items={items} />
      {open === 'name' && (
        <RenameDialog
          what="device"
          now={device.name}
          onClose={() => setOpen(null)}
          onRename={async (name) =>
            client.setQueryData(devicesQuery.queryKey, await securityApi.renameDevice(device.id, name))
          }
        />
      )}
      {open === 'revoke' && <RevokeDevice device={device} onClose={() => setOpen(null)} />}
    </li>
  );
}

function RevokeDevice({ device, onClose }: { device: DeviceView; onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const stopped = device.state === 'stopped';
  const revoke = useMutation({
    mutationFn: () => securityApi.revokeDevice(device.id),
    onSuccess: async () => {
      onClose();
      addToast({ text: stopped ? `${device.name} is off the list.` : `${device.name} is revoked.` });
      await client.invalidateQueries({ queryKey: devicesQuery.queryKey });
    },
  });
  return (
    <Dialog
      open
      title={stopped ? `Take ${device.name} off the list?` : `Revoke ${device.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {stopped ? 'Take it off' : 'Revoke'}
          </Button>
        </>
      }
    >
      <p>
        {stopped
          ? 'It is stopped already and stays so. The audit log keeps what happened.'
          : 'Its next request is refused. What it has sent stays. To use it again, pair it again.'}
      </p>
      {revoke.error !== null && <ErrorNote title="It was not revoked">{describeError(revoke.error)}</ErrorNote>}
    </Dialog>
  );
}
