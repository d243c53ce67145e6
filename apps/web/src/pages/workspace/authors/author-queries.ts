import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  IdentityGroup,
  IdentityList,
  LinkDecision,
  LinkOutcome,
  linkDecisionListSchema,
  MergeSuggestionView,
  PersonView,
  ownIdentityListSchema,
} from '@devpulse/contract/wire/people';
import type { IdentityKind } from '@devpulse/contract/kind-rules';
import { api } from '../../../api.ts';
import type { Choice } from '../../../people/person-choice.tsx';
import { send } from '../../../send-request.ts';
import { roleTitles } from '../role-names.ts';
import { describeTrace } from './describe-author.ts';

const v1 = '/api/v1';

/** Which authors, as they stand in the address. */
export interface AuthorSearch {
  of?: IdentityGroup;
  search?: string;
}

export const groupTitles: Record<IdentityGroup, string> = {
  nobody: 'Nobody’s yet',
  members: 'Members’',
  machines: 'Machines',
};

/** Reads the address; what cannot be meant is left out. */
export function readAuthorSearch({ of, search }: Record<string, unknown>): AuthorSearch {
  return {
    ...(typeof of === 'string' && Object.hasOwn(groupTitles, of) ? { of: of as IdentityGroup } : {}),
    ...(typeof search === 'string' && search.trim() !== '' ? { search: search.slice(0, 200) } : {}),
  };
}

// Under `people`, which the live channel renews whenever somebody said who is who.
export function identitiesQuery(of: IdentityGroup, search: string) {
  return infiniteQueryOptions({
    queryKey: ['people', 'authors', of, search],
    queryFn: ({ pageParam }) =>
      send<IdentityList>('GET', `${v1}/identities`, {
        query: { of, search: search === '' ? undefined : search, cursor: pageParam, limit: 50 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const ownIdentitiesQuery = queryOptions({
  queryKey: ['people', 'own-authors'],
  queryFn: () => send<(typeof ownIdentityListSchema)['_output']>('GET', `${v1}/me/identities`),
});

export const suggestionsQuery = queryOptions({
  queryKey: ['people', 'suggestions'],
  queryFn: () =>
    send<{ suggestions: MergeSuggestionView[]; total: number }>('GET', `${v1}/merge-suggestions`, {
      query: { limit: 20 },
    }),
});

export const decisionsQuery = infiniteQueryOptions({
  queryKey: ['people', 'decisions'],
  queryFn: ({ pageParam }) =>
    send<(typeof linkDecisionListSchema)['_output']>('GET', `${v1}/link-decisions`, {
      query: { cursor: pageParam, limit: 10 },
    }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { decisions: LinkDecision[]; nextCursor: string | null }) => page.nextCursor ?? undefined,
});

/** Everybody an author can be said to be, by name, with what tells two of one name apart. */
export function placesQuery(search: string) {
  return queryOptions({
    queryKey: ['people', 'places', search],
    queryFn: async () => {
      const { people, nextCursor } = await api.people({ limit: 50, ...(search === '' ? {} : { search }) });
      return { people: people.map(toChoice), nextCursor };
    },
    placeholderData: keepPreviousData,
  });
}

function toChoice({ id, name, avatar, role, identities: [first] }: PersonView): Choice {
  const trace = first === undefined ? null : describeTrace(first);
  return { id, name, avatar, hint: role === null ? trace : roleTitles[role].toLowerCase() };
}

/** What can be said about authors. */
export const authorActs = {
  link: (personId: string, identityIds: string[], reason: string) =>
    send<LinkOutcome>('POST', `${v1}/people/${personId}/identities`, { body: { identityIds, reason } }),
  unlink: (identityId: string, reason: string) =>
    send<LinkOutcome>('POST', `${v1}/identities/${identityId}/unlink`, { body: { reason } }),
  undo: (batchId: string) => send<LinkOutcome>('POST', `${v1}/link-decisions/${batchId}/undo`),
  disown: (identityId: string) => send<LinkOutcome>('POST', `${v1}/me/identities/${identityId}/disown`),
  confirm: (identityIds: string[]) =>
    send<LinkOutcome>('POST', `${v1}/merge-suggestions/confirm`, { body: { identityIds } }),
  decline: (identityIds: string[]) =>
    send<unknown>('POST', `${v1}/merge-suggestions/decline`, { body: { identityIds } }),
  decideKind: (identityId: string, kind: IdentityKind, reason: string) =>
    send<unknown>('PUT', `${v1}/identities/${identityId}/kind`, { body: { kind, reason } }),
  dropKind: (identityId: string) => send<unknown>('DELETE', `${v1}/identities/${identityId}/kind`),
};
