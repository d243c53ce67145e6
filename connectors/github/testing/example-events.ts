import { readWebhookExamples } from '../../../test/github-schemas/published.ts';

export interface ExampleEvent {
  event: string;
  action: string;
  body: Record<string, unknown>;
}

/** Every example that GitHub publishes of its events. */
export function listExampleEvents(): ExampleEvent[] {
  return readWebhookExamples().flatMap(({ name: event, examples }) =>
    examples.map((body) => ({ event, action: typeof body['action'] === 'string' ? body['action'] : '', body })),
  );
}

const somebody = { login: 'monalisa', id: 2, type: 'User' };

/** What GitHub adds beside the thread for an action that it shows no example of; nothing where something is taken away. */
const beside = { requested_reviewer: somebody, label: { name: 'bug' }, assignee: somebody, after: 'a'.repeat(40) };

/** An example of an event and action; where GitHub publishes none of the action, one of its neighbours with that action. */
export function exampleOf(events: readonly ExampleEvent[], event: string, action: string): ExampleEvent | undefined {
  const ofEvent = events.filter((example) => example.event === event);
  const found = ofEvent.find((example) => example.action === action) ?? ofEvent[0];
  if (found === undefined) return undefined;
  const body = structuredClone(found.body);
  return {
    event,
    action,
    body: found.action === action ? body : { ...(isGone(action) ? {} : beside), ...body, action },
  };
}

function isGone(action: string): boolean {
  return action === 'deleted' || action === 'transferred';
}
