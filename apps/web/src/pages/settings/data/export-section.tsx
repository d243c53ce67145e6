import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { TransferList, TransferView } from '@devpulse/contract/wire/data';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { dataApi, transfersQuery } from './data-api.ts';
import { TransferProgress } from './transfer-progress.tsx';

/** Asking for an export, and those of the last day. */
export function ExportSection({ list }: { list: TransferList }): ReactElement {
  const { me, workspace } = useViewer();
  const client = useQueryClient();
  const isOwner = useMay('workspace.own');
  const ask = useMutation({
    mutationFn: (scope: 'mine' | 'workspace') => dataApi.askExport({ scope }),
    onSettled: () => client.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  const exports = list.transfers.filter((transfer) => transfer.kind === 'export');
  const isMoving = exports.some(({ state }) => state === 'waiting' || state === 'working');
  const isShared = workspace.kind === 'team' && isOwner;
  const blocked = isMoving || list.nextExportAt !== null;
  return (
    <div className="data-block">
      <p className="page-note">
        A ZIP file with everything DevPulse holds about you, in all your workspaces: tables as JSON and as CSV, and what
        another DevPulse needs to take it in. It is kept for a day, for your own session alone, and holds no secrets.
      </p>
      <div className="data-acts">
        <Button
          tone="primary"
          icon="download"
          disabled={blocked}
          busy={ask.isPending}
          onClick={() => ask.mutate('mine')}
        >
          Export my data
        </Button>
        {isShared && (
          <Button disabled={blocked} onClick={() => ask.mutate('workspace')}>
            Export {workspace.name}
          </Button>
        )}
      </div>
      {list.nextExportAt !== null && !isMoving && (
        <p className="page-note">
          One export an hour is made. The next one: {formatInstant(list.nextExportAt, me.effectiveZone)}.
        </p>
      )}
      {ask.error !== null && <ErrorNote title="No export was begun">{describeError(ask.error)}</ErrorNote>}
      {exports.length > 0 && (
        <ul className="data-list" aria-label="Exports">
          {exports.map((transfer) => (
            <ExportRow key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ExportRow({ transfer }: { transfer: TransferView }): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const fetchIt = useMutation({
    mutationFn: () => dataApi.linkExport(transfer.id),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => addToast({ text: `The file could not be fetched. ${describeError(error)}` }),
  });
  const remove = useMutation({
    mutationFn: () => dataApi.removeTransfer(transfer.id),
    onSettled: () => client.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  const zone = me.effectiveZone;
  return (
    <li className="data-row">
      <div>
        <h3>
          {transfer.scope === 'mine' ? 'My data' : 'The workspace'}, {formatInstant(transfer.createdAt, zone)}
        </h3>
        <TransferProgress transfer={transfer} waiting="Waits for a worker" />
        {transfer.state === 'done' && transfer.summary !== null && (
          <p>
            {formatCount(transfer.summary.rows)} rows, {formatCount(transfer.summary.events)} events,{' '}
            {formatCount(Math.ceil(transfer.bytes / 1000))} kB · kept until {formatInstant(transfer.expiresAt, zone)}
          </p>
        )}
        {transfer.state === 'failed' && <p className="data-fault">{transfer.error}</p>}
        {transfer.state === 'expired' && <p>Its day is over; the file is gone.</p>}
      </div>
      <div className="data-acts">
        {transfer.state === 'done' && (
          <Button icon="download" busy={fetchIt.isPending} onClick={() => fetchIt.mutate()}>
            Download
          </Button>
        )}
        <Button tone="quiet" icon="bin" busy={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
    </li>
  );
}
