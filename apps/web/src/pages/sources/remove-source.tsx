import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { addToast } from '../../frame/toasts.ts';
import { sourcesQuery } from '../../queries.ts';

/** Names what goes and what stays. What was read stays, so adding the folder again takes it all back. */
export function RemoveSource({
  source,
  open,
  onClose,
}: {
  source: SourceView;
  open: boolean;
  onClose: () => void;
}): ReactElement {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
  const addAgain = async (): Promise<void> => {
    try {
      await api.addSource({ connector: 'git', place: source.place });
    } catch (error) {
      addToast({ text: `${source.name} could not be added again. ${describeError(error)}` });
    }
    await refresh();
  };
  const remove = useMutation({
    mutationFn: () => api.removeSource(source.id),
    onSuccess: async () => {
      onClose();
      addToast({
        text: `${source.name} is removed; what was read from it stays.`,
        ...(source.connector === 'git' ? { onUndo: () => void addAgain() } : {}),
      });
      await refresh();
    },
  });
  return (
    <Dialog
      open={open}
      title={`Remove ${source.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove {source.name}
          </Button>
        </>
      }
    >
      <p>
        Nothing new is read from <span className="mono">{source.place}</span>. The commits that were read stay, and so
        does every number made of them. The folder itself is not touched, and you can add it again at any time.
      </p>
      {remove.error !== null && <ErrorNote title="It was not removed">{describeError(remove.error)}</ErrorNote>}
    </Dialog>
  );
}
