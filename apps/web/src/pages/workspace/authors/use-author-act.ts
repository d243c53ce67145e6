import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { authorActs } from './author-queries.ts';

interface Act {
  run: () => Promise<unknown>;
  /** What is said once it is done. */
  said: string;
}

/** Says something about authors. Every number may be another after it; what moved can be taken back where it is said. */
export function useAuthorAct(): UseMutationResult<unknown, Error, Act> {
  const client = useQueryClient();
  const refresh = (): void => void client.invalidateQueries();
  const undo = async (batchId: string): Promise<void> => {
    try {
      await authorActs.undo(batchId);
      addToast({ text: 'Taken back.' });
    } catch (error) {
      addToast({ text: `It was not taken back. ${describeError(error)}` });
    }
    refresh();
  };
  return useMutation({
    mutationFn: ({ run }: Act) => run(),
    onSuccess: (outcome, { said }) => {
      const batchId = batchOf(outcome);
      addToast({ text: said, ...(batchId === null ? {} : { onUndo: () => void undo(batchId) }) });
    },
    onError: (error) => addToast({ text: `Nothing was changed. ${describeError(error)}` }),
    onSettled: refresh,
  });
}

function batchOf(outcome: unknown): string | null {
  return typeof outcome === 'object' && outcome !== null && 'batchId' in outcome && typeof outcome.batchId === 'string'
    ? outcome.batchId
    : null;
}
