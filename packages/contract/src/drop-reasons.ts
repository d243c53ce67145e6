/** Why a raw event was set aside on purpose. Closed: nothing is dropped for a reason that is not here. */
export const ignoreReasons = {
  unknown_kind: 'The connector does not know this kind of event; it is kept and counted.',
  not_watched: 'It is about a repository that nobody watches here, so nothing of it is read.',
  no_facts: 'The event is understood and says nothing that we keep as a fact.',
} as const;
export type IgnoreReason = keyof typeof ignoreReasons;

/** Why a raw event could not be read. Closed as well; each ends in the dead letters when retrying did not help. */
export const failReasons = {
  unknown_source: 'No connector of this name is installed.',
  malformed: 'The body does not have the shape that the connector documents.',
  parse_crashed: 'Reading the body made the connector fail; this is a fault of ours.',
  parse_timeout: 'Reading the body took too long and was stopped.',
  parse_memory: 'Reading the body needed more memory than one event may have.',
  payload_stripped: 'The body was removed when its retention ended, so it cannot be read again.',
  store_refused: 'The store refused the facts that were read from the body.',
} as const;
export type FailReason = keyof typeof failReasons;

/** Thrown by a connector's `parse` for a body that is not what it documents: not retried for long, never guessed at. */
export class MalformedEvent extends Error {
  override name = 'MalformedEvent';
}
