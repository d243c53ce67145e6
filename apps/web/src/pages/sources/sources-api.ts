import type { ChangeMonitor, SourceView } from '@devpulse/contract/wire/sources';
import { send } from '../../send-request.ts';

export type History = NonNullable<SourceView['choices']>['history'];

/** How far back a repository can be read. */
export const histories = [
  { value: 'quarter', label: '90 days' },
  { value: 'year', label: 'A year' },
  { value: 'all', label: 'All of it' },
] as const satisfies readonly { value: History; label: string }[];

const one = (id: string): string => `/api/v1/sources/${id}`;

/** What the pages of sources ask beside what every page does. */
export const sourcesApi = {
  changeMonitor: (id: string, body: ChangeMonitor) => send<SourceView>('PATCH', `${one(id)}/monitor`, { body }),
  plan: (id: string, history: History) => send<SourceView>('POST', `${one(id)}/plan`, { body: { history } }),
  erase: (id: string, name: string) => send<unknown>('POST', `${one(id)}/erase`, { body: { name } }),
};
