import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { addToast } from '../../frame/toasts.ts';
import { sourcesQuery } from '../../queries.ts';

/** Pausing, with its undo, resuming and looking now. */
export function useSourceActs(source: SourceView) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (name: 'pause' | 'resume' | 'check') => api.changeSource(source.id, name),
    onSettled: () => client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
    onError: (error) => addToast({ text: `${source.name}: ${describeError(error)}` }),
  });
  return {
    isPending: act.isPending,
    check: () => act.mutate('check'),
    resume: () => act.mutate('resume'),
    pause: () =>
      act.mutate('pause', {
        onSuccess: () => addToast({ text: `${source.name} is paused.`, onUndo: () => act.mutate('resume') }),
      }),
  };
}
