import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ViewableDetail, viewableListSchema } from '@devpulse/contract/wire/viewers';
import { api } from '../api.ts';
import { send } from '../send-request.ts';

type ViewableList = (typeof viewableListSchema)['_output'];

const viewable = '/api/v1/viewable-people';
const shownMost = 50;

/** The others whose numbers may be asked for, by name. */
export function viewablePeopleQuery(search = '') {
  return queryOptions({
    queryKey: ['people', 'viewable', search],
    queryFn: () =>
      send<ViewableList>('GET', viewable, { query: { limit: shownMost, search: search === '' ? undefined : search } }),
    placeholderData: keepPreviousData,
  });
}

/** One of them; refused where their numbers are not told. */
export function viewablePersonQuery(id: string) {
  return queryOptions({
    queryKey: ['people', 'viewable-one', id],
    queryFn: () => send<ViewableDetail>('GET', `${viewable}/${id}`),
  });
}

/** Everybody in the workspace, by name. */
export function everybodyQuery(search = '') {
  return queryOptions({
    queryKey: ['people', 'everybody', search],
    queryFn: () => api.people({ limit: shownMost, ...(search === '' ? {} : { search }) }),
    placeholderData: keepPreviousData,
  });
}
