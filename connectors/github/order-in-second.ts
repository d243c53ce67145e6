/**
 * GitHub's times are whole seconds, and its events have no clock: of two that say the same second, what they are about tells which
 * was the later. A pull request is opened before it is labelled, leaves the queue before it is merged, and what is merged stays so.
 * The order is told in the milliseconds of `seenAt`. Where it errs, as between two labels, the next look decides.
 */
const milliseconds: ReadonlyMap<string, number> = new Map([
  ['opened', 0],
  ['created', 0],
  ['requested', 0],
  ['synchronize', 200],
  ['converted_to_draft', 300],
  ['ready_for_review', 310],
  ['in_progress', 300],
  ['auto_merge_enabled', 400],
  ['auto_merge_disabled', 410],
  ['enqueued', 450],
  ['dequeued', 500],
  ['published', 500],
  ['prereleased', 510],
  ['released', 520],
  ['completed', 700],
  ['closed', 800],
  ['fixed', 800],
  ['dismissed', 800],
  ['deleted', 800],
  // People close and open again to start checks anew; the other way round within one second is rare.
  ['reopened', 850],
  ['reintroduced', 850],
  ['unpublished', 850],
]);
const usual = 100;
const merged = 900;

/** Events about something else that show a thread beside it: it is shown before what is done to it in the same second. */
const beside = /^(pull_request_review|pull_request_review_comment|issue_comment|discussion_comment)$/;

/** How many milliseconds of its second an event is taken to have waited. */
export function orderOf(event: string, action: string, body: Record<string, unknown>): number {
  const order = milliseconds.get(action) ?? usual;
  if (beside.test(event)) return 10 + order / 100;
  if (event === 'push') return body['created'] === true ? 0 : body['deleted'] === true ? 800 : usual;
  if (event === 'delete') return 800;
  return isMerged(body['pull_request']) ? merged : order;
}

function isMerged(pull: unknown): boolean {
  return typeof pull === 'object' && pull !== null && 'merged_at' in pull && typeof pull.merged_at === 'string';
}

const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** The same instant so many milliseconds later; never beyond the year 9999, where ISO texts no longer sort by time. */
export function laterBy(at: string, order: number): string {
  return new Date(Math.min(Date.parse(at) + order, latest)).toISOString();
}

/** The clock of an answer has whole seconds: it was given before the end of that one, and knows what happened in it until then. */
export function endOfSecond(at: string): string {
  return at.endsWith('.000Z') ? `${at.slice(0, -5)}.999Z` : at;
}
