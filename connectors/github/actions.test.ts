import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEventActions } from '../../test/github-schemas/published.ts';
import { eventActions, type Tells } from './actions.ts';
import { describeEvents } from './testing/describe-events.ts';
import { exampleOf, listExampleEvents } from './testing/example-events.ts';
import { factsOf, parseBody } from './testing/read-facts.ts';

const published = readEventActions();
const examples = listExampleEvents();

const rows = [...eventActions].flatMap(([event, actions]) =>
  [...actions].map(([action, tells]) => ({ event, action, tells, title: `${event}.${action}` })),
);

function tellsOf(event: string, action: string): Tells | undefined {
  return eventActions.get(event)?.get(action) ?? eventActions.get(event)?.get('*');
}

describe('the table of events', () => {
  it('has every event and action that GitHub describes', () => {
    const all = [...published].flatMap(([event, actions]) => [...actions].map((action) => [event, action] as const));
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(([event, action]) => tellsOf(event, action) === undefined)).toEqual([]);
  });

  it('has no action that GitHub does not know', () => {
    const listed = new Map(examples.map(({ event }) => [event, new Set<string>()]));
    for (const { event, action } of examples) listed.get(event)?.add(action);
    const strange = rows
      .filter(({ action }) => action !== '*')
      .filter(
        ({ event, action }) => published.get(event)?.has(action) !== true && listed.get(event)?.has(action) !== true,
      )
      .map(({ title }) => title);
    // In GitHub's list of actions, without a description.
    expect(strange).toEqual(['pull_request.merged']);
  });

  it.each(rows.filter(({ tells }) => 'none' in tells))(
    'says why nothing is told by $title',
    ({ event, action, tells }) => {
      expect('none' in tells ? tells.none : '').toMatch(/^[A-Z].{10,}\.$/);
      const body = exampleOf(examples, event, action)?.body ?? { action };
      expect(parseBody(`hook.${event}`, body)).toEqual({ ignored: 'no_facts' });
    },
  );

  it.each(rows.filter(({ tells }) => 'tells' in tells))(
    'agrees with what is read of $title',
    ({ event, action, tells }) => {
      const example = exampleOf(examples, event, action);
      if (example === undefined || !('tells' in tells)) throw new Error('GitHub publishes no example');
      const kind = `hook.${event}`;
      const isNothing = tells.tells.length === 0 && 'ignored' in parseBody(kind, example.body);
      const told = isNothing ? [] : [...new Set(factsOf(kind, example.body).map(({ fact }) => fact))];
      expect(told).toEqual(expect.arrayContaining([...tells.tells]));
      const may = new Set([...tells.tells, ...(tells.sometimes ?? [])]);
      expect(told.filter((fact) => !may.has(fact))).toEqual([]);
    },
  );

  it.each([
    ['hook.tea_break', {}],
    ['hook.pull_request', { action: 'blessed' }],
    ['hook.constructor', {}],
    ['hook.pull_request', { action: '__proto__' }],
    ['api.tea', {}],
    ['api.constructor', {}],
    ['tea', {}],
  ])('keeps what it does not know: %s %j', (kind, body) => {
    expect(parseBody(kind, body)).toEqual({ ignored: 'unknown_kind' });
  });

  it('is what the README lists', () => {
    const readme = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8');
    expect(describeEvents().filter((line) => !readme.includes(`${line}\n`))).toEqual([]);
  });
});
