import { describe, expect, it } from 'vitest';
import { isBodyOf } from '@devpulse/contract/github-event-members';
import { listExampleEvents } from './testing/example-events.ts';
import { parseBody } from './testing/read-facts.ts';

const takingAway = listExampleEvents().filter(
  ({ event, action }) => event === 'delete' || action === 'deleted' || action === 'transferred',
);
const names = [
  'repository',
  'star',
  'issues',
  'issue_comment',
  'pull_request_review_comment',
  'discussion',
  'discussion_comment',
  'release',
  'delete',
];

describe('the body of an event that takes something away', () => {
  it('is one of that event', () => {
    const own = takingAway.filter(({ event }) => names.includes(event));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter(({ event, body }) => !isBodyOf(event, body)).map(({ event }) => event)).toEqual([]);
  });

  it('is none of another event, under whichever name it is sent once more', () => {
    const telling = listExampleEvents().filter(({ body }) =>
      Object.keys(body).some((member) => !['repository', 'sender', 'action'].includes(member)),
    );
    expect(telling.length).toBeGreaterThan(100);
    const mistaken = telling.flatMap(({ event, body }) =>
      names
        .filter((name) => name !== event && !isAlike(event, name))
        .filter((name) => isBodyOf(name, name === 'delete' ? body : { ...body, action: 'deleted' }))
        .map((name) => `${event} as ${name}`),
    );
    expect(mistaken).toEqual([]);
  });

  it('tells nothing under another name', () => {
    const [comment] = takingAway.filter(({ event }) => event === 'issue_comment');
    for (const name of ['issues', 'repository', 'discussion'])
      expect(parseBody(`hook.${name}`, comment?.body ?? { action: 'deleted' })).toHaveProperty('malformed');
  });
});

/** Of these GitHub sends the same members. */
function isAlike(event: string, name: string): boolean {
  return name === 'repository' && ['public', 'watch', 'organization'].includes(event);
}
