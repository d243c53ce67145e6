import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFaults } from '../../test/github-schemas/published.ts';
import { buildEnvelope } from './envelope.ts';
import { shapes } from './shapes.ts';
import { listExampleAnswers } from './testing/example-answers.ts';
import { factsOfEvent } from './testing/read-facts.ts';

const answers = listExampleAnswers();
const at = new Date('2026-03-01T12:00:00.000Z');
const by = { host: 'github.com', repository: { id: 1296269, fullName: 'octocat/Hello-World' }, at };

/** What was read of each answer; looked through by a person once. */
const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', 'answers.json'), 'utf8')) as Record<
  string,
  { key: string; facts: unknown[] }
>;

describe('the answers that GitHub shows of its API', () => {
  it.each(answers)('fit GitHub’s own schema: $shape', ({ schema, isList, data }) => {
    const items = isList ? (data as unknown[]) : [data];
    expect(items).not.toEqual([]);
    expect(items.flatMap((item) => findFaults(schema, item))).toEqual([]);
  });

  it.each(answers)('tell what they should: $shape', ({ shape, data, extra }) => {
    const event = buildEnvelope(shape, by, data, extra);
    expect({ key: event.key, facts: factsOfEvent(event) }).toEqual(golden[shape]);
  });

  it('leave only what no REST answer has', () => {
    const shown = new Set<string>(answers.map(({ shape }) => shape));
    // What GraphQL shows has tests of its own.
    const others = Object.keys(shapes).filter((shape) => !shown.has(shape) && !/-nodes?$/.test(shape));
    expect(others.toSorted()).toEqual(['discussion', 'reach', 'reach-baseline', 'repository-gone']);
  });
});
