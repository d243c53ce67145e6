import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { BudgetList } from '@devpulse/contract/wire/budgets';
import type {
  addTokenSchema,
  ConnectionList,
  ConnectionView,
  disconnectedSchema,
  GithubAppView,
  installationListSchema,
  manifestFormSchema,
  organisationListSchema,
  pasteAppSchema,
  ReachList,
  refreshedReachSchema,
  startConnectionSchema,
  startManifestSchema,
  unwatchedSchema,
  watchedSchema,
  watchSchema,
} from '@devpulse/contract/wire/connections';
import { send } from '../../send-request.ts';

type Output<S extends { _output: unknown }> = S['_output'];
type Input<S extends { _input: unknown }> = S['_input'];

const base = '/api/v1/connections';
const one = (id: string): string => `${base}/${id}`;

export type Reached = ReachList['repositories'][number];
export type Installations = Output<typeof installationListSchema>;
export type OrganisationList = Output<typeof organisationListSchema>;
export type Disconnected = Output<typeof disconnectedSchema>;
export type PastedApp = Input<typeof pasteAppSchema>;

/** What the pages of connections ask of the server. */
export const connectionsApi = {
  start: (body: Input<typeof startConnectionSchema>) => send<{ url: string }>('POST', `${base}/oauth`, { body }),
  addToken: (body: Input<typeof addTokenSchema>) => send<ConnectionView>('POST', `${base}/token`, { body }),
  check: (id: string) => send<ConnectionView>('POST', `${one(id)}/check`),
  disconnect: (id: string) => send<Disconnected>('DELETE', one(id)),
  erase: (id: string, login: string) => send<Disconnected>('POST', `${one(id)}/erase`, { body: { login } }),
  refresh: (id: string) => send<Output<typeof refreshedReachSchema>>('POST', `${one(id)}/repositories/refresh`),
  watch: (id: string, body: Input<typeof watchSchema>) =>
    send<Output<typeof watchedSchema>>('POST', `${one(id)}/repositories/watch`, { body }),
  unwatch: (id: string, numbers: string[]) =>
    send<Output<typeof unwatchedSchema>>('POST', `${one(id)}/repositories/unwatch`, { body: { numbers } }),
  include: (id: string, number: string, included: boolean) =>
    send<OrganisationList>('PUT', `${one(id)}/organisations/${number}`, { body: { included } }),
  startApp: (body: Input<typeof startManifestSchema>) =>
    send<Output<typeof manifestFormSchema>>('POST', '/api/v1/github-app/manifest', { body }),
  pasteApp: (body: PastedApp) => send<GithubAppView>('PUT', '/api/v1/github-app', { body }),
  forgetApp: () => send<unknown>('DELETE', '/api/v1/github-app'),
  findInstallations: (whose: 'mine' | 'refresh') =>
    send<Installations>('POST', `/api/v1/github-installations/${whose}`),
  claim: (number: string) => send<ConnectionView>('POST', `/api/v1/github-installations/${number}/claim`),
};

/** Beneath the sources, so that whatever makes those untrue asks for these again as well. */
export const connectionsKey = ['sources', 'connections'] as const;

export const connectionsQuery = queryOptions({
  queryKey: [...connectionsKey, 'all'],
  queryFn: () => send<ConnectionList>('GET', base),
});

export const budgetsQuery = queryOptions({
  queryKey: [...connectionsKey, 'budgets'],
  queryFn: () => send<BudgetList>('GET', '/api/v1/budgets'),
  // It moves with every request that is made for this workspace, which nothing else tells.
  refetchInterval: 30_000,
});

export const githubAppQuery = queryOptions({
  queryKey: [...connectionsKey, 'app'],
  queryFn: () => send<GithubAppView>('GET', '/api/v1/github-app'),
});

/** What the list of repositories is narrowed down to; it stands in the address. */
export interface ReachSearch {
  search?: string;
  owner?: string;
  only?: 'watched' | 'unwatched';
}

export function reachQuery(id: string, search: ReachSearch) {
  return infiniteQueryOptions({
    queryKey: [...connectionsKey, 'reach', id, search],
    queryFn: ({ pageParam }) =>
      send<ReachList>('GET', `${one(id)}/repositories`, { query: { ...search, cursor: pageParam, limit: 100 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function organisationsQuery(id: string) {
  return queryOptions({
    queryKey: [...connectionsKey, 'organisations', id],
    queryFn: () => send<OrganisationList>('GET', `${one(id)}/organisations`),
  });
}
