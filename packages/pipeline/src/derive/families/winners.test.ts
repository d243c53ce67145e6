import { describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { ada, bob, forge, listOf, momentOf, pullOf, reviewOf, shaOf, timelineOf } from '../../testing/thread.ts';
import { FactShaper } from '../shape-facts.ts';

const origin = { workspaceId: '00000000-0000-7000-8000-000000000001', source: 'plain' };
const first = '2026-05-01T10:00:00.000Z';
const second = '2026-05-01T10:00:01.000Z';

/** The only row that is left of two versions, whichever comes first. */
function winner(one: Fact, other: Fact): Record<string, unknown> {
  const rows = [
    [one, other],
    [other, one],
    [one, other, one],
  ].map((facts) => {
    const shaper = new FactShaper();
    shaper.add(origin, facts);
    const [family] = shaper.families();
    expect(family?.rows).toHaveLength(1);
    return { ...family?.rows[0], items: family?.items.length };
  });
  expect(rows[1]).toEqual(rows[0]);
  expect(rows[2]).toEqual(rows[0]);
  return rows[0] ?? {};
}

const issue = (changes: object): Fact => ({
  fact: 'issue',
  repository: forge,
  number: 1,
  title: 'x',
  url: null,
  author: ada,
  state: 'open',
  stateReason: null,
  createdAt: first,
  updatedAt: first,
  seenAt: first,
  closedAt: null,
  labels: [],
  ...changes,
});

const run = (changes: object): Fact => ({
  fact: 'workflow-run',
  repository: forge,
  id: '1',
  attempt: 1,
  name: 'CI',
  workflow: 'ci',
  url: null,
  event: 'push',
  branch: 'main',
  sha: shaOf('a'),
  actor: ada,
  status: 'in_progress',
  conclusion: null,
  createdAt: first,
  startedAt: first,
  updatedAt: first,
  seenAt: first,
  ...changes,
});

describe('which version wins', () => {
  it.each<[string, Fact, Fact, Record<string, unknown>]>([
    [
      'a pull request: the newest',
      pullOf({ title: 'old', state: 'merged', updatedAt: first }),
      pullOf({ title: 'new', updatedAt: second }),
      { title: 'new', state: 'open' },
    ],
    [
      'of one age: what the source said later',
      pullOf({ title: 'asked', seenAt: second }),
      pullOf({ title: 'sent', state: 'merged', seenAt: first }),
      { title: 'asked' },
    ],
    [
      'of one instant: merged came after open',
      pullOf({ title: 'a', state: 'merged' }),
      pullOf({ title: 'b' }),
      { title: 'a' },
    ],
    ['closed came after open', issue({ title: 'a', state: 'closed' }), issue({ title: 'b' }), { title: 'a' }],
    ['merged came after closed', pullOf({ state: 'merged' }), pullOf({ state: 'closed' }), { state: 'merged' }],
    [
      'a list of commits: whole before cut, however long',
      listOf(shaOf('aa'), [shaOf('1')], true),
      listOf(shaOf('aa'), [shaOf('1'), shaOf('2')], false),
      { is_whole: true, items: 1 },
    ],
    [
      'of two cut lists the longer',
      listOf(shaOf('aa'), [shaOf('1'), shaOf('2')], false),
      listOf(shaOf('aa'), [shaOf('1')], false),
      { commits_listed: 2, items: 2 },
    ],
    [
      'a review: what it said before what nobody knows',
      reviewOf({ said: 'commented' }),
      reviewOf({ said: 'unknown' }),
      { said: 'commented' },
    ],
    [
      'a moment: with somebody before without',
      momentOf({ actor: bob }),
      momentOf({ actor: null }),
      { actor_id: expect.any(String) },
    ],
    [
      'a look at a thread: the newest, however short',
      timelineOf(second, []),
      timelineOf(first, [{ kind: 'ready', at: first, actor: ada, subject: '' }]),
      { items: 0 },
    ],
    [
      'a run: completed came after in progress',
      run({ status: 'completed' }),
      run({ status: 'in_progress' }),
      { status: 'completed' },
    ],
    [
      'a run: queued again later',
      run({ status: 'queued', updatedAt: second }),
      run({ status: 'completed' }),
      { status: 'queued' },
    ],
    [
      'a level: the newest reading of a day',
      { fact: 'level', repository: forge, level: 'stars', day: '2026-05-01', value: 3, observedAt: second },
      { fact: 'level', repository: forge, level: 'stars', day: '2026-05-01', value: 9, observedAt: first },
      { value: 3 },
    ],
    [
      'a star: taken back',
      { fact: 'star', repository: forge, user: bob, isStarred: false, at: null, observedAt: second },
      { fact: 'star', repository: forge, user: bob, isStarred: true, at: first, observedAt: first },
      { is_starred: false },
    ],
    [
      'a branch: gone',
      { fact: 'ref', repository: forge, kind: 'branch', name: 'x', sha: null, observedAt: second },
      { fact: 'ref', repository: forge, kind: 'branch', name: 'x', sha: shaOf('a'), observedAt: first },
      { sha: null },
    ],
  ])('%s', (_name, one, other, expected) => {
    expect(winner(one, other)).toMatchObject(expected);
  });

  it('is what was said, not when: a telling that says the same again differs in nothing but its time', () => {
    const [one, other] = [first, second].map((seenAt) => {
      const shaper = new FactShaper();
      shaper.add(origin, [pullOf({ seenAt })]);
      return shaper.families()[0]?.rows[0] ?? {};
    });
    expect(one?.['content_hash']).toBe(other?.['content_hash']);
    expect(one?.['seen_at']).not.toBe(other?.['seen_at']);
  });

  it('does not depend on the workspace', () => {
    const hashes = ['1', '2'].map((digit) => {
      const shaper = new FactShaper();
      shaper.add({ ...origin, workspaceId: origin.workspaceId.replace(/1$/, digit) }, [pullOf()]);
      return shaper.families()[0]?.rows[0]?.['content_hash'];
    });
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('a fact that nothing keeps', () => {
  it.each(['whatever', 'constructor'])('is an error and never dropped: %s', (fact) => {
    expect(() => new FactShaper().add(origin, [{ fact } as unknown as Fact])).toThrow(`no table for facts "${fact}"`);
  });
});
