import type { Day } from '@devpulse/contract/day';
import type { Scope } from '../api.ts';
import { type Window, windowOf } from '../range/window-of.ts';
import type { BoardSearch } from './board-search.ts';

/** What the address of a board asks of every tile on it. */
export function scopeOf(search: BoardSearch, today: Day, weekStart: number): Scope & Window {
  return {
    subject: search.subject ?? 'me',
    ...windowOf(search, today, weekStart),
    ...(search.resource === undefined ? {} : { resource: search.resource }),
  };
}
