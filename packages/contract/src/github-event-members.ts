/** What deliveries of all events may have beside what they are about. */
const beside = ['action', 'changes', 'enterprise', 'installation', 'organization', 'repository', 'sender'];

/** What those are about that take something away. */
const about: ReadonlyMap<string, readonly string[]> = new Map([
  ['repository', ['repository']],
  ['star', ['starred_at']],
  ['issues', ['issue']],
  ['issue_comment', ['issue', 'comment']],
  ['pull_request_review_comment', ['pull_request', 'comment']],
  ['discussion', ['discussion']],
  ['discussion_comment', ['discussion', 'comment']],
  ['release', ['release']],
  ['delete', ['ref', 'ref_type', 'pusher_type']],
]);

const takingAway = new Set(['deleted', 'transferred']);

/**
 * Can this be the body of such an event? The signature of a delivery is that of its body alone, while its event stands in a header:
 * whoever was shown a delivery could send it once more under another name, and of a deleted comment make a deleted issue. Where
 * something would go for that, the body has to be what GitHub sends of that event and of no other.
 */
export function isBodyOf(event: string, body: Readonly<Record<string, unknown>>): boolean {
  const own = about.get(event);
  if (own === undefined || (event !== 'delete' && !takingAway.has(String(body['action'])))) return true;
  return (
    own.every((member) => Object.hasOwn(body, member)) &&
    Object.keys(body).every((member) => own.includes(member) || beside.includes(member))
  );
}
