import type { Day } from '@devpulse/contract/day';
import { isDay } from '../range/days.ts';
import { type RangeName, rangeNames } from '../range/window-of.ts';

/** Whose numbers a board shows; left out: one’s own. */
export type BoardSubject = 'workspace' | `person:${string}`;

/** What of a board lives in the address. Nothing here means: the default. */
export interface BoardSearch {
  range?: RangeName | undefined;
  from?: Day | undefined;
  to?: Day | undefined;
  resource?: string | undefined;
  subject?: BoardSubject | undefined;
}

/** Which receipt is open, and for which question; it lies beside whatever else a page keeps in its address. */
export interface ReceiptSearch {
  receipt?: string | undefined;
  receipt_subject?: string | undefined;
  receipt_from?: Day | undefined;
  receipt_to?: Day | undefined;
  receipt_resource?: string | undefined;
  receipt_part?: string | undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const metricId = /^[a-z][a-z0-9_]{0,63}$/;
const partName = /^.{1,200}$/;
const somebody = /^person:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const subjectName = /^(me|workspace|person:[0-9a-f-]{36})$/;

/** Reads an address that anybody may have typed: what is not understood is as if it were not there. */
export function readBoardSearch(search: Record<string, unknown>): BoardSearch {
  const own = isDay(search['from']) && isDay(search['to']) ? { from: search['from'], to: search['to'] } : {};
  const range = rangeNames.find((name) => name === search['range']);
  return {
    ...own,
    // Days of one's own win; two answers to one question would be none.
    ...(range === undefined || 'from' in own ? {} : { range }),
    ...(matches(search['resource'], uuid) ? { resource: search['resource'] } : {}),
    ...(isSubject(search['subject']) ? { subject: search['subject'] } : {}),
  };
}

export function readReceiptSearch(search: Record<string, unknown>): ReceiptSearch {
  if (!matches(search['receipt'], metricId)) return {};
  return {
    receipt: search['receipt'],
    ...(matches(search['receipt_subject'], subjectName) ? { receipt_subject: search['receipt_subject'] } : {}),
    ...(isDay(search['receipt_from']) ? { receipt_from: search['receipt_from'] } : {}),
    ...(isDay(search['receipt_to']) ? { receipt_to: search['receipt_to'] } : {}),
    ...(matches(search['receipt_resource'], uuid) ? { receipt_resource: search['receipt_resource'] } : {}),
    ...(matches(search['receipt_part'], partName) ? { receipt_part: search['receipt_part'] } : {}),
  };
}

/** The person a board is about, if it is about one. */
export function personOf(subject: BoardSubject | undefined): string | undefined {
  return subject?.startsWith('person:') === true ? subject.slice('person:'.length) : undefined;
}

function isSubject(value: unknown): value is BoardSubject {
  return value === 'workspace' || matches(value, somebody);
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}
