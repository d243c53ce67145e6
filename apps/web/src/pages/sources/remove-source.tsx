import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { addToast } from '../../frame/toasts.ts';
import { sourcesQuery } from '../../queries.ts';
import { connectionsApi } from '../connections/connections-api.ts';
import { sourcesApi } from './sources-api.ts';

/** Names what goes and what stays. What was read stays unless that is asked for, so adding the folder again takes it all back. */
export function RemoveSource({
  source,
  open,
  onClose,
  onGone,
}: {
  source: SourceView;
  open: boolean;
  onClose: () => void;
  /** It is not there any more. */
  onGone?: () => void;
}): ReactElement {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
  const isFolder = source.connector === 'git';
  const addAgain = async (): Promise<void> => {
    try {
      await addBack(source);
    } catch (error) {
      addToast({ text: `${source.name} could not be added again. ${describeError(error)}` });
    }
    await refresh();
  };
  const [typed, setTyped] = useState<string | null>(null);
  const erase = useMutation({
    mutationFn: () => sourcesApi.erase(source.id, (typed ?? '').trim()),
    onSuccess: async () => {
      onClose();
      onGone?.();
      addToast({ text: `${source.name} is removed, and what was read from it is being erased.` });
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => api.removeSource(source.id),
    onSuccess: async () => {
      onClose();
      onGone?.();
      addToast({
        text: `${source.name} is removed; what was read from it stays.`,
        ...(isFolder || source.connectionId !== null ? { onUndo: () => void addAgain() } : {}),
      });
      await refresh();
    },
  });
  const place = isFolder ? source.place : source.name;
  return (
    <Dialog
      open={open}
      title={`Remove ${source.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          {typed === null ? (
            <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              Remove {source.name}
            </Button>
          ) : (
            <Button
              tone="danger"
              busy={erase.isPending}
              disabled={typed.trim() !== source.name}
              onClick={() => erase.mutate()}
            >
              Erase {source.name}
            </Button>
          )}
        </>
      }
    >
      <div className="source-erase">
        {typed === null ? (
          <p>
            Nothing new is read from <span className="mono">{place}</span>. What was read stays, and so does every
            number made of it. {isFolder ? 'The folder itself is not touched, and you' : 'You'} can add it again at any
            time.
          </p>
        ) : (
          <p>
            Everything that was read from <span className="mono">{place}</span> is erased: its{' '}
            {isFolder ? 'commits' : 'commits, pull requests and all else'}, and every number made of them. What other
            sources have read as well stays. {isFolder ? 'The folder itself' : 'The repository itself'} is not touched.
          </p>
        )}
        <Checkbox
          label="Also erase what was read"
          checked={typed !== null}
          onChange={(event) => setTyped(event.currentTarget.checked ? '' : null)}
        />
        {typed !== null && (
          <Field label={`Type ${source.name} to confirm`}>
            {(ids) => (
              <TextInput
                {...ids}
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
      {erase.error !== null && <ErrorNote title="It was not erased">{describeError(erase.error)}</ErrorNote>}
      {remove.error !== null && <ErrorNote title="It was not removed">{describeError(remove.error)}</ErrorNote>}
    </Dialog>
  );
}

/** What was read is there still, so that it goes on as if nothing had been. */
async function addBack({ connector, connectionId, place }: SourceView): Promise<void> {
  if (connector === 'git') await api.addSource({ connector, place });
  else if (connectionId !== null)
    await connectionsApi.watch(connectionId, { numbers: [place.slice(place.lastIndexOf('/') + 1)] });
}
