import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitFact, Fact, IdentityRef } from '@devpulse/contract/facts';
import { commitOf, reachOf, repositoryOf } from '../testing/history.ts';
import type { FactRows } from './fact-rows.ts';
import { FactShaper } from './shape-facts.ts';
import { identityKey, repositoryId } from './shape-identities.ts';

const origin = { workspaceId: '00000000-0000-7000-8000-000000000001', source: 'plain' };

function shape(...facts: Fact[]): FactRows {
  const shaper = new FactShaper();
  shaper.add(origin, facts);
  return shaper.rows();
}

function commit(changes: Partial<CommitFact>): CommitFact {
  return { ...commitOf(1), coAuthors: [], ...changes };
}

describe('identityKey', () => {
  it.each<[IdentityRef, string]>([
    [{ externalId: '7', email: 'a@b.c', login: 'x', name: 'y' }, 'id:7'],
    [{ externalId: '', email: 'A@B.C', login: 'x' }, 'email:a@b.c'],
    [{ email: '  ', login: 'Cai', name: 'y' }, 'login:cai'],
    [{ email: '\u0000', login: '', name: 'Ada L.' }, 'name:ada l.'],
    [{}, 'name:'],
    [{ email: 'a\u0000@b.c' }, 'email:a@b.c'],
    [{ name: '\ud83d' }, 'name:\ufffd'],
    [{ externalId: `${'x'.repeat(499)}\u{1F600}` }, `id:${'x'.repeat(499)}\ufffd`],
    [{ email: `${'x'.repeat(600)}@b.c` }, `email:${'x'.repeat(500)}`],
  ])('of %j is %j', (ref, key) => {
    expect(identityKey(ref)).toBe(key);
  });
});

describe('FactShaper', () => {
  it('keeps of several readings of a commit the most faithful, in any order', () => {
    const cut = commit({ files: null, fidelity: 20, parents: [] });
    const whole = commit({});
    for (const facts of [
      [cut, whole],
      [whole, cut],
      [whole, cut, whole],
    ]) {
      const rows = shape(...facts);
      expect(rows.commits.map((row) => row.fidelity)).toEqual([30]);
      expect(rows.files).toHaveLength(3);
      expect(rows.credits).toHaveLength(1);
    }
    expect(shape(cut).commits[0]).toMatchObject({ files_changed: null, is_merge: false });
    expect(shape(cut).files).toEqual([]);
  });

  it('credits nobody twice with one commit', () => {
    const ada = { name: 'Ada', email: 'ada@example.org' };
    const rows = shape(
      commit({
        author: ada,
        coAuthors: [{ email: 'ADA@example.org' }, { email: 'bob@example.org' }, { email: 'bob@example.org' }],
      }),
    );
    expect(rows.credits.map((row) => row.role)).toEqual(['author', 'co_author']);
    expect(rows.identities.map((row) => row.external_key).toSorted()).toEqual(
      ['email:ada@example.org', 'email:bob@example.org', identityKey(commitOf(1).committer)].toSorted(),
    );
  });

  it('marks merges, and files that are nobody’s work', () => {
    const file = (path: string, more = {}) => ({
      path,
      previousPath: null,
      additions: 1,
      deletions: 0,
      isBinary: false,
      isSubmodule: false,
      ...more,
    });
    const rows = shape(
      commit({
        parents: ['a', 'b'],
        files: [
          file('a.ts'),
          file('yarn.lock'),
          file('b.ts', { isBinary: true }),
          file('vendor/c', { isSubmodule: true, isBinary: true }),
          file('a.ts'),
        ],
      }),
    );
    expect(rows.commits[0]).toMatchObject({ is_merge: true, files_changed: 5 });
    expect(rows.files.map((row) => [row.path, row.left_out])).toEqual([
      ['a.ts', null],
      ['yarn.lock', 'lockfile'],
      ['b.ts', 'binary'],
      ['vendor/c', 'submodule'],
    ]);
  });

  it('cuts long text without parting characters, and long paths without losing one', () => {
    const subject = `${'s'.repeat(999)}\u{1F600}`;
    const long = (end: string): string => `${'ä'.repeat(1500)}/${end}.ts`;
    const file = (path: string) => ({
      path,
      previousPath: long('x'),
      additions: 1,
      deletions: 0,
      isBinary: false,
      isSubmodule: false,
    });
    const rows = shape(commit({ subject, files: [file(long('a')), file(long('b'))] }));
    expect(rows.commits[0]?.subject).toBe(`${'s'.repeat(999)}\ufffd`);
    expect(new Set(rows.files.map((row) => row.path)).size).toBe(2);
    expect(rows.files.every((row) => Buffer.byteLength(row.path) < 2100 && row.language === 'TypeScript')).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/\\ud[89a-f]/);
  });

  it('keeps the newest description of a repository, and of two of one age the same in any order', () => {
    const facts = [repositoryOf('a', 'old', 1), repositoryOf('a', 'one', 2), repositoryOf('a', 'two', 2)];
    const names = new Set(
      [facts, facts.toReversed(), [...facts.slice(1), ...facts]].map((order) => shape(...order).repositories[0]?.name),
    );
    expect(names.size).toBe(1);
    expect(names.has('old')).toBe(false);
  });

  it('keeps of several looks the latest', () => {
    const rows = shape(
      reachOf('a', [1], 4, true),
      reachOf('a', [1, 2], 5, false),
      reachOf('a', [2], 3, true),
      { fact: 'reach-baseline', repository: 'a', snapshot: 2 },
      { fact: 'reach-baseline', repository: 'a', snapshot: 1 },
    );
    expect(rows.reach.map((row) => [row.snapshot, row.reachable])).toEqual([
      [5, false],
      [5, false],
    ]);
    expect(rows.baselines.map((row) => row.snapshot)).toEqual([2]);
  });

  it('gives ids that belong to workspace, source and key alone', () => {
    expect(repositoryId(origin, 'a')).toBe(shape(repositoryOf('a')).repositories[0]?.id);
    expect(repositoryId(origin, 'a')).not.toBe(repositoryId({ ...origin, source: 'git' }, 'a'));
    expect(repositoryId(origin, 'a')).not.toBe(
      repositoryId({ ...origin, workspaceId: '00000000-0000-7000-8000-000000000002' }, 'a'),
    );
  });

  it('gives the same identities however the acts are ordered', () => {
    const text = fc.constantFrom('a', 'B', 'c\u{1F600}', '\uffee', '', undefined);
    const ref = fc.record({ name: text, login: text, email: text, sourceKind: text });
    fc.assert(
      fc.property(fc.array(fc.tuple(ref, fc.nat(3)), { minLength: 2, maxLength: 6 }), (acts) => {
        const facts = acts.map(([author, minute], index): Fact => {
          const at = `2026-01-01T00:0${minute}:00.000Z`;
          const who = { externalId: '7', ...author } as IdentityRef;
          return commit({ sha: `${index}`, author: who, committer: who, authoredAt: at, committedAt: at });
        });
        expect(shape(...facts.toReversed()).identities).toEqual(shape(...facts).identities);
        // Shas decide the order inside a batch: turned round, the acts meet in the other order.
        const turned = facts.map((fact, index): Fact => ({ ...(fact as CommitFact), sha: `${9 - index}` }));
        expect(shape(...turned).identities).toEqual(shape(...facts).identities);
      }),
    );
  });
});
