import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { describeSource } from '../../frame/describe-source.ts';
import { addToast } from '../../frame/toasts.ts';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { sourcesQuery } from '../../queries.ts';
import { RemoveSource } from './remove-source.tsx';

/** One source: what it is, how it stands, and what can be done with it. */
export function SourceRow({ source }: { source: SourceView }): ReactElement {
  const { me } = useViewer();
  const mayManage = useMay('sources.manage');
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const act = useMutation({
    mutationFn: (name: 'pause' | 'resume' | 'check') => api.changeSource(source.id, name),
    onSettled: () => client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
    onError: (error) => addToast({ text: `${source.name}: ${describeError(error)}` }),
  });
  const { state, words } = describeSource(source, me.effectiveZone, new Date());
  const paused = source.state === 'paused';
  const items: MenuItem[] = [
    paused
      ? { id: 'resume', label: 'Resume', icon: 'play', onSelect: () => act.mutate('resume') }
      : { id: 'pause', label: 'Pause', icon: 'pause', onSelect: () => pause() },
    { id: 'remove', label: 'Remove', icon: 'bin', tone: 'danger', parted: true, onSelect: () => setRemoving(true) },
  ];
  const pause = (): void =>
    act.mutate('pause', {
      onSuccess: () => addToast({ text: `${source.name} is paused.`, onUndo: () => act.mutate('resume') }),
    });
  return (
    <li className="source-row" id={source.id}>
      <div className="source-name">
        <h2>{source.name}</h2>
        <p className="mono" title={source.place}>
          {source.place}
        </p>
      </div>
      <div className="source-state">
        {state === null ? <span>Looked at {words}</span> : <StateChip state={state}>{wordOf(source)}</StateChip>}
        {state !== null && source.lastCheckedAt !== null && (
          <small>last looked at {formatInstant(source.lastCheckedAt, me.effectiveZone)}</small>
        )}
      </div>
      {mayManage && (
        <div className="source-acts">
          {!paused && (
            <Button
              busy={act.isPending || source.state === 'reading'}
              onClick={() => act.mutate('check')}
              aria-label={`Check now: ${source.name}`}
            >
              Check now
            </Button>
          )}
          {paused && (
            <Button onClick={() => act.mutate('resume')} aria-label={`Resume ${source.name}`}>
              Resume
            </Button>
          )}
          <Menu label={`${source.name}: menu`} items={items} />
        </div>
      )}
      {source.state === 'reading' && source.progress !== null && (
        <div className="source-more">
          <ProgressBar label="Reading" done={source.progress.done} total={source.progress.total} unit="commits" />
        </div>
      )}
      {source.lastError !== null && source.state === 'failed' && (
        <p className="source-more source-error">
          {source.lastError.message} It is tried again by itself; nothing that was read is lost.
        </p>
      )}
      <RemoveSource source={source} open={removing} onClose={() => setRemoving(false)} />
    </li>
  );
}

function wordOf({ state }: SourceView): string | undefined {
  if (state === 'reading') return 'Reading';
  if (state === 'new') return 'Waiting';
  return state === 'paused' ? 'Paused' : undefined;
}
