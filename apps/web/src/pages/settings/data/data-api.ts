import { queryOptions } from '@tanstack/react-query';
import type {
  askExportSchema,
  deleteAccountSchema,
  DeletionPlan,
  exportLinkSchema,
  importBegunSchema,
  TransferList,
  TransferView,
} from '@devpulse/contract/wire/data';
import { ApiError } from '../../../api-error.ts';
import { send } from '../../../send-request.ts';

const v1 = '/api/v1';

/** What the page asks about exports, imports and the end of the account. */
export const dataApi = {
  askExport: (body: (typeof askExportSchema)['_input']) => send<TransferView>('POST', `${v1}/exports`, { body }),
  linkExport: (id: string) => send<(typeof exportLinkSchema)['_output']>('POST', `${v1}/exports/${id}/link`),
  removeTransfer: (id: string) => send<unknown>('DELETE', `${v1}/transfers/${id}`),
  beginImport: (bytes: number) =>
    send<(typeof importBegunSchema)['_output']>('POST', `${v1}/imports`, { body: { bytes } }),
  sendPart: async (id: string, part: number, body: Blob): Promise<void> => {
    const response = await fetch(`${v1}/imports/${id}/parts/${part}`, {
      method: 'PUT',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    }).catch(() => {
      throw new ApiError({ detail: 'The server does not answer.', retry: true });
    });
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
      throw new ApiError({
        status: response.status,
        detail: problem?.detail ?? `The server answered ${response.status}.`,
      });
    }
  },
  checkImport: (id: string) => send<TransferView>('POST', `${v1}/imports/${id}/check`),
  applyImport: (id: string) => send<TransferView>('POST', `${v1}/imports/${id}/apply`),
  deleteAccount: (body: (typeof deleteAccountSchema)['_input']) => send<unknown>('DELETE', `${v1}/account`, { body }),
};

const isMoving = ({ state }: TransferView): boolean => state === 'waiting' || state === 'working';

/** Asks every second while something is being worked on. */
export const transfersQuery = queryOptions({
  queryKey: ['data', 'transfers'],
  queryFn: () => send<TransferList>('GET', `${v1}/transfers`),
  staleTime: 0,
  refetchInterval: ({ state }) => (state.data?.transfers.some(isMoving) === true ? 1_000 : false),
});

export const deletionQuery = queryOptions({
  queryKey: ['data', 'deletion'],
  queryFn: () => send<DeletionPlan>('GET', `${v1}/account/deletion`),
  staleTime: 0,
});
