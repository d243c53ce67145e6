import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import type { TransferList, TransferView } from '@devpulse/contract/wire/data';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';
import { describeError } from '../../../api-error.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { dataApi, transfersQuery } from './data-api.ts';
import { TransferProgress } from './transfer-progress.tsx';

/** Bringing in what another DevPulse exported: choose, look at it, take it in. */
export function ImportSection({ list }: { list: TransferList }): ReactElement {
  const { workspace } = useViewer();
  const client = useQueryClient();
  const input = useId();
  const [sent, setSent] = useState<{ done: number; total: number } | null>(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: transfersQuery.queryKey });
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const { id, partBytes } = await dataApi.beginImport(file.size);
      for (let part = 0; part * partBytes < file.size; part += 1) {
        setSent({ done: part * partBytes, total: file.size });
        await dataApi.sendPart(id, part, file.slice(part * partBytes, (part + 1) * partBytes));
      }
      await dataApi.checkImport(id);
    },
    onSettled: async () => {
      setSent(null);
      await refresh();
    },
  });
  const current = list.transfers.find((transfer) => transfer.kind === 'import');
  const isMoving = upload.isPending || current?.state === 'waiting' || current?.state === 'working';
  return (
    <div className="data-block">
      <p className="page-note">
        The file of an export goes into the workspace {workspace.name}: its events, links, rules and settings. It is
        looked at first, and nothing changes before you say so.
      </p>
      <div>
        <label className={`btn${isMoving ? ' data-off' : ''}`} htmlFor={input}>
          Choose a file
        </label>
        <input
          id={input}
          className="data-file"
          type="file"
          accept=".zip,application/zip"
          disabled={isMoving}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) upload.mutate(file);
            // The same file again is a choice, too.
            event.currentTarget.value = '';
          }}
        />
      </div>
      {sent !== null && (
        <ProgressBar
          label="Sending"
          done={Math.round(sent.done / 1000)}
          total={Math.round(sent.total / 1000)}
          unit="kB"
        />
      )}
      {upload.error !== null && <ErrorNote title="The file was not sent">{describeError(upload.error)}</ErrorNote>}
      {current !== undefined && !upload.isPending && <ImportState transfer={current} refresh={refresh} />}
    </div>
  );
}

function ImportState({
  transfer,
  refresh,
}: {
  transfer: TransferView;
  refresh: () => Promise<void>;
}): ReactElement | null {
  const { me } = useViewer();
  const apply = useMutation({ mutationFn: () => dataApi.applyImport(transfer.id), onSettled: refresh });
  const remove = useMutation({ mutationFn: () => dataApi.removeTransfer(transfer.id), onSettled: refresh });
  if (transfer.state === 'uploading' || transfer.state === 'expired') return null;
  if (transfer.state === 'failed') return <ErrorNote title="Nothing was taken in">{transfer.error}</ErrorNote>;
  const { summary } = transfer;
  return (
    <div className="data-summary" role="group" aria-label="What is in the file">
      <TransferProgress
        transfer={transfer}
        waiting={summary === null ? 'Waits to be looked at' : 'Waits to be taken in'}
      />
      {summary !== null && (
        <>
          <h3>
            {transfer.state === 'done' ? 'Taken in' : 'In the file'}: {summary.workspaces[0]?.name ?? 'a workspace'}, as
            of {formatInstant(summary.exportedAt, me.effectiveZone)}
          </h3>
          <ul>
            <li>
              {formatCount(summary.events)} events
              {summary.newEvents !== null &&
                (transfer.state === 'done'
                  ? `, of which ${formatCount(summary.newEvents)} were new`
                  : `, of which ${formatCount(summary.newEvents)} are not here yet`)}
            </li>
            <li>
              {formatCount(summary.links)} links of authors to people, {formatCount(summary.rules)} rules of your own
            </li>
            {summary.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      {transfer.state === 'checked' && (
        <div className="data-acts">
          <Button tone="primary" busy={apply.isPending} onClick={() => apply.mutate()}>
            Take it in
          </Button>
          <Button busy={remove.isPending} onClick={() => remove.mutate()}>
            Leave it
          </Button>
        </div>
      )}
      {apply.error !== null && <ErrorNote title="It was not taken in">{describeError(apply.error)}</ErrorNote>}
    </div>
  );
}
