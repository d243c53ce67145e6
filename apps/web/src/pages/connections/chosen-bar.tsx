import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { connectionsApi, type Reached } from './connections-api.ts';
import { type History, histories } from '../sources/sources-api.ts';

interface Props {
  connection: ConnectionView;
  rows: readonly Reached[];
  chosen: ReadonlySet<string>;
  onDone: () => void;
}

const mostAtOnce = 500;

/** What is done with the repositories that are ticked; there is nothing while none is. */
export function ChosenBar({ connection, rows, chosen, onDone }: Props): ReactElement | null {
  const [history, setHistory] = useState<History>('year');
  const acts = useWatching(connection, onDone);
  if (chosen.size === 0) return null;
  const picked = rows.filter(({ number }) => chosen.has(number));
  const toWatch = picked.filter(({ sourceId }) => sourceId === null).map(({ number }) => number);
  const toUnwatch = picked.filter(({ sourceId }) => sourceId !== null).map(({ number }) => number);
  const isTooMany = Math.max(toWatch.length, toUnwatch.length) > mostAtOnce;
  return (
    <div className="chosen-bar" role="group" aria-label="What is chosen">
      <p role="status">
        <b>{formatCount(chosen.size)} chosen</b>
        {isTooMany && `, at most ${formatCount(mostAtOnce)} at once`}
      </p>
      {toWatch.length > 0 && (
        <Segmented label="How far back they are read" value={history} options={histories} onChange={setHistory} />
      )}
      <div className="chosen-acts">
        {toWatch.length > 0 && (
          <Button
            tone="primary"
            busy={acts.watch.isPending}
            disabled={isTooMany || !connection.isReading}
            onClick={() => acts.watch.mutate({ numbers: toWatch, history })}
          >
            Watch {describe(toWatch.length)}
          </Button>
        )}
        {toUnwatch.length > 0 && (
          <Button
            busy={acts.unwatch.isPending}
            disabled={isTooMany}
            onClick={() => acts.unwatch.mutate({ numbers: toUnwatch })}
          >
            Unwatch {describe(toUnwatch.length)}
          </Button>
        )}
        <Button tone="quiet" onClick={onDone}>
          Choose none
        </Button>
      </div>
      {acts.error !== null && <ErrorNote title="That was not done">{describeError(acts.error)}</ErrorNote>}
    </div>
  );
}

function describe(count: number): string {
  return `${formatCount(count)} ${nameUnit(count, 'repositories')}`;
}

interface Watching {
  numbers: string[];
  history?: History;
}

function useWatching({ id }: ConnectionView, onDone: () => void) {
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['sources'] });
  const watch = useMutation({
    mutationFn: (wanted: Watching) => connectionsApi.watch(id, wanted),
    onSuccess: (_, { numbers }) => {
      onDone();
      addToast({
        text: `${describe(numbers.length)} watched from now on; reading has begun.`,
        onUndo: () => unwatch.mutate({ numbers }),
      });
    },
    onSettled: refresh,
  });
  const unwatch = useMutation({
    mutationFn: ({ numbers }: Watching) => connectionsApi.unwatch(id, numbers),
    onSuccess: (_, { numbers }) => {
      onDone();
      addToast({
        text: `${describe(numbers.length)} watched no longer; what was read stays.`,
        onUndo: () => watch.mutate({ numbers }),
      });
    },
    onSettled: refresh,
  });
  return { watch, unwatch, error: watch.error ?? unwatch.error };
}
