import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Flag } from '@devpulse/contract/flags';
import type { FlagList } from '@devpulse/contract/wire/flags';
import { send } from './send-request.ts';

const flagsQuery = queryOptions({ queryKey: ['flags'], queryFn: () => send<FlagList>('GET', '/api/v1/flags') });

/** Does this instance offer it? Not before it is known: what is refused is better shown late than taken back. */
export function useFlag(name: Flag): boolean {
  const { data } = useQuery(flagsQuery);
  return data?.flags.some((flag) => flag.name === name && flag.isOn) === true;
}
