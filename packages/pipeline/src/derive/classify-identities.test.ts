import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { commitOf, personId, reachOf, repositoryOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import {
  classify,
  type Classifiable,
  classifyIdentities,
  compilePattern,
  compileRules,
  type DecidingRule,
} from './classify-identities.ts';

describe('compilePattern', () => {
  it.each([
    ['*[bot]', 'dependabot[bot]', true],
    ['*[bot]', '[bot]', true],
    ['*[bot]', 'dependabot[bot] ', false],
    ['*[bot]', 'b', false],
    ['bot', 'BOT', true],
    ['bot', 'robot', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'anything', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['a*bc*c', 'abc', false],
    ['a*b*b', 'ab', false],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['(a|b)+', '(a|b)+', true],
    ['\\d*', '\\d7', true],
    ['\\d*', '7', false],
    ['^a$', 'a', false],
    ['*\n*', 'two\nlines', true],
    ['*-BOT', 'ÄÖÜ-bot', true],
    ['straße*', 'STRASSE', false],
    ['*\u{1F916}*', 'I am a \u{1F916}!', true],
  ])('says of %j and %j: %j', (pattern, text, expected) => {
    expect(compilePattern(pattern)(text)).toBe(expected);
  });

  it('agrees with the meaning of a star, letter by letter', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 });
    fc.assert(
      fc.property(letters, text, (pattern, candidate) => {
        expect(compilePattern(pattern)(candidate)).toBe(meansTheSame(pattern, candidate));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers for texts that make searching step by step explode', () => {
    const long = 'a'.repeat(200_000);
    expect(compilePattern('*a*a*a*a*a*a*a*a*b')(long)).toBe(false);
    expect(compilePattern('*aab*aab*aab*')(long)).toBe(false);
    expect(compilePattern(`${'*a'.repeat(5000)}*`)(long)).toBe(true);
    expect(compilePattern('*'.repeat(5000))(long)).toBe(true);
  });
});

/** The definition: a star is nothing, or one letter and the star again. */
function meansTheSame(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*'))
    return meansTheSame(pattern.slice(1), text) || (text !== '' && meansTheSame(pattern, text.slice(1)));
  return text.startsWith(pattern.charAt(0)) && meansTheSame(pattern.slice(1), text.slice(1));
}

describe('classify', () => {
  const somebody: Classifiable = {
    source_kind: null,
    login: 'renovate[bot]',
    email: 'r@example.org',
    name: 'Renovate',
  };
  const rule = (field: DecidingRule['field'], pattern: string, kind: DecidingRule['kind']): DecidingRule => ({
    field,
    pattern,
    kind,
    reason: `${kind} by ${field}`,
  });

  it('lets the first rule that fits decide, and says which', () => {
    const rules = compileRules([
      rule('source_kind', '*', 'agent'),
      rule('name', 'nobody', 'agent'),
      rule('login', '*[bot]', 'automation'),
      rule('name', 'renovate', 'agent'),
    ]);
    expect(classify(somebody, rules)).toEqual({
      kind: 'automation',
      signal: 'login is like "*[bot]": automation by login',
    });
    expect(classify(somebody, rules.toReversed())).toEqual({
      kind: 'agent',
      signal: 'name is like "renovate": agent by name',
    });
  });

  it('takes whom no rule names for a person', () => {
    expect(classify(somebody, [])).toEqual({ kind: 'person', signal: 'no rule names it' });
    expect(classify({ ...somebody, name: null }, compileRules([rule('name', '*', 'agent')]))).toMatchObject({
      kind: 'person',
    });
  });
});

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

const ada = 'email:ada@example.org';
const helper = 'email:helper@example.org';

describe('classifyIdentities', () => {
  it('gives new identities their kind, by the rules in force and their precedence', async () => {
    const pipeline = await base.inNewWorkspace();
    await addRule(pipeline, { pattern: '*[bot]', kind: 'automation', priority: 20 });
    await addRule(pipeline, { pattern: 'helper*', kind: 'agent', priority: 10, enabled: false });
    await derive(pipeline);
    expect((await readKinds(pipeline))[helper]).toEqual(['automation', 'name is like "*[bot]": a test']);
    expect((await readKinds(pipeline))[ada]).toEqual(['person', 'no rule names it']);
    await change(pipeline, (trx) => sql`update people_kind_rules set enabled = true`.execute(trx));
    expect((await readKinds(pipeline))[helper]).toEqual(['agent', 'name is like "helper*": a test']);
  });

  it('lets a decision about one identity stand above all rules, and the rules decide again without it', async () => {
    const pipeline = await base.inNewWorkspace();
    await addRule(pipeline, { pattern: '*', kind: 'automation', priority: 1 });
    const override = (kind: string) => sql`
      insert into people_kind_overrides (workspace_id, identity_id, kind, reason)
      values (${pipeline.workspaceId}, ${personId(pipeline, ada)}, ${kind}, 'I know her')`;
    await change(pipeline, (trx) => override('person').execute(trx));
    await derive(pipeline);
    expect((await readKinds(pipeline))[ada]).toEqual(['person', 'decided: I know her']);
    await change(pipeline, (trx) => sql`delete from people_kind_overrides`.execute(trx));
    expect((await readKinds(pipeline))[ada]?.[0]).toBe('automation');
  });

  it('returns whose kind changed, marks their days and those of everybody credited beside them, and nothing else', async () => {
    const pipeline = await base.inNewWorkspace();
    await derive(pipeline);
    await pipeline.roll();
    expect(await change(pipeline, (trx) => sql`select 1`.execute(trx))).toEqual([]);
    expect(await readMarks(pipeline)).toEqual([]);

    await addRule(pipeline, { pattern: 'nobody', kind: 'agent', priority: 1 });
    expect(await change(pipeline, (trx) => sql`select 1`.execute(trx))).toEqual([]);

    const changed = await change(pipeline, (trx) =>
      ruleFor(trx, pipeline, { pattern: '*[bot]', kind: 'automation', priority: 1 }),
    );
    expect(changed).toEqual([personId(pipeline, helper)]);
    // The helper wrote 4 and 12, and shared 12 with Ada and the assistant; 3 is Ada's without it.
    const day = (number: number): string => commitOf(number).authoredAt.slice(0, 10);
    const expected = [
      ...[helper, 'workspace'].map((who) => `${who} ${day(4)}`),
      ...[helper, 'workspace', 'email:bob@example.org', ada].map((who) => `${who} ${day(12)}`),
    ];
    const { rows: credits } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql<{ line: string }>`
        select distinct i.external_key || ' ' || (c.authored_at at time zone 'UTC')::date as line
        from fact_commit_credits c join fact_identities i on i.id = c.identity_id
        where c.sha in (select sha from fact_commit_credits where identity_id = ${personId(pipeline, helper)})`.execute(
        trx,
      ),
    );
    expect(credits.length).toBeGreaterThan(2);
    expect(await readMarks(pipeline)).toEqual(
      [
        ...new Set([...credits.map((row) => row.line), ...expected.filter((line) => line.startsWith('workspace'))]),
      ].toSorted(),
    );
  });

  it('classifies anew whose newest name says something else', async () => {
    const pipeline = await base.inNewWorkspace();
    await addRule(pipeline, { pattern: '*[bot]', kind: 'automation', priority: 1 });
    await derive(pipeline);
    await pipeline.roll();
    const at = '2027-01-01T00:00:00.000Z';
    const renamed = { name: 'Ada [bot]', email: 'ada@example.org' };
    await pipeline.send([
      {
        key: 'renamed',
        facts: [
          { ...commitOf(99), author: renamed, committer: renamed, authoredAt: at, committedAt: at, coAuthors: [] },
        ],
      },
    ]);
    await pipeline.drain();
    expect((await readKinds(pipeline))[ada]?.[0]).toBe('automation');
    expect((await readMarks(pipeline)).filter((line) => line.startsWith(ada)).length).toBeGreaterThan(1);
  });
});

interface Rule {
  pattern: string;
  kind: string;
  priority: number;
  enabled?: boolean;
}

async function ruleFor(
  trx: WorkspaceTransaction,
  pipeline: Pipeline,
  { pattern, kind, priority, enabled = true }: Rule,
): Promise<void> {
  await sql`
    insert into people_kind_rules (workspace_id, id, field, pattern, kind, reason, priority, enabled)
    values (${pipeline.workspaceId}, gen_random_uuid(), 'name', ${pattern}, ${kind}, 'a test', ${priority}, ${enabled})`.execute(
    trx,
  );
}

function addRule(pipeline: Pipeline, rule: Rule): Promise<void> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, (trx) => ruleFor(trx, pipeline, rule));
}

/** Changes something about rules or decisions, and classifies everybody anew. */
function change(pipeline: Pipeline, work: (trx: WorkspaceTransaction) => Promise<unknown>): Promise<string[]> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    await work(trx);
    return classifyIdentities(trx, 'all');
  });
}

async function derive(pipeline: Pipeline): Promise<void> {
  const numbers = [3, 4, 12];
  await pipeline.send([
    { key: 'all', facts: [repositoryOf('a'), ...numbers.map((number) => commitOf(number)), reachOf('a', numbers)] },
  ]);
  await pipeline.drain();
}

async function readKinds(pipeline: Pipeline): Promise<Record<string, [string, string]>> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{
      key: string;
      kind: string;
      kind_signal: string;
    }>`select external_key as key, kind, kind_signal from fact_identities`.execute(trx),
  );
  return Object.fromEntries(rows.map((row) => [row.key, [row.kind, row.kind_signal]]));
}

async function readMarks(pipeline: Pipeline): Promise<string[]> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{ line: string }>`
      select distinct coalesce(i.external_key, s.subject_kind) || ' ' || s.day as line
      from rollup_stale s left join fact_identities i on i.id = s.subject_id`.execute(trx),
  );
  return rows.map((row) => row.line).toSorted();
}
