import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventActions } from './actions.ts';
import { listExampleEvents } from './testing/example-events.ts';
import { factsOf, parseBody } from './testing/read-facts.ts';

const examples = listExampleEvents();
const events = [...new Set(examples.map(({ event }) => event))];

interface Read {
  action: string;
  facts: unknown[];
}

/** What was read of the examples of one event, in their order; looked through by a person once. */
function readGolden(event: string): Read[] {
  const file = path.join(import.meta.dirname, 'fixtures', 'events', `${event}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Read[]) : [];
}

describe('the examples that GitHub publishes of its events', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(250);
    expect(events.filter((event) => !eventActions.has(event))).toEqual([]);
  });

  it.each(events)('tell of %s what they should', (event) => {
    const read = examples
      .filter((example) => example.event === event)
      .map(({ action, body }): Read => {
        const isNothing = JSON.stringify(parseBody(`hook.${event}`, body)) === '{"ignored":"no_facts"}';
        return { action, facts: isNothing ? [] : factsOf(`hook.${event}`, body) };
      });
    expect(read.filter(({ facts }) => facts.length > 0)).toEqual(readGolden(event));
  });
});
