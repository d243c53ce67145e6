import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bindActs } from './acts/bind-acts.ts';
import { growWorld } from './world/grow-world.ts';
import { addAccount, openWorld } from './world/open-world.ts';
import { readTruth } from './world/read-truth.ts';
import { seedRepository } from './world/seed-repository.ts';

const until = '2026-03-01T00:00:00Z';

function grown(seed: string) {
  const world = openWorld(() => new Date(until));
  growWorld(world, { seed, repositories: 2, commits: 120, pulls: 40, issues: 10, until });
  return world;
}

/** A repository with one commit and one pull request of two. */
function small() {
  const world = openWorld(() => new Date(until));
  for (const login of ['ada', 'grace']) addAccount(world, { login });
  const author = { name: 'ada', email: 'ada@example.org' };
  const repository = seedRepository(world, {
    name: 'ada/site',
    commits: [{ author: { ...author, date: '2026-01-01T00:00:00Z' } }],
  });
  const act = bindActs(world);
  const about = { repository, by: 'ada' };
  act.push({
    ...about,
    branch: 'change',
    commits: [{ message: 'One' }, { message: 'Two', author: { name: 'grace', email: 'grace@example.org' } }],
  });
  const pull = act.openPull({ ...about, head: 'change', title: 'Both' });
  return { world, repository, act, about, pull };
}

describe('a grown world', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(readTruth(grown('a'))).toEqual(readTruth(grown('a')));
    expect(readTruth(grown('a')).commits).not.toEqual(readTruth(grown('b')).commits);
  });

  it('has as much as was asked for, all of it in its year and in its order', () => {
    const truth = readTruth(grown('a'));
    expect([truth.repositories.length, truth.pulls.length, truth.issues.length]).toEqual([2, 40, 10]);
    expect(new Set(truth.pulls.map(({ state }) => state))).toEqual(new Set(['open', 'closed', 'merged']));
    const instants = truth.pulls.flatMap(({ createdAt, closedAt }) => [
      createdAt,
      ...(closedAt === null ? [] : [closedAt]),
    ]);
    expect(instants.every((at) => at > '2025-02-27' && at <= until)).toBe(true);
    expect(truth.pulls.filter(({ createdAt, closedAt }) => closedAt !== null && closedAt < createdAt)).toEqual([]);
    expect(truth.pulls.filter(({ commits }) => commits.length === 0)).toEqual([]);
  });
});

describe('merging', () => {
  it('keeps the own commits and adds one with two parents', () => {
    const { repository, act, about, pull } = small();
    act.merge({ ...about, number: pull.number, method: 'merge' });
    const tip = repository.commits.get(repository.branches.get('main') ?? '');
    expect(tip?.parents).toHaveLength(2);
    expect(pull.commits.every((sha) => repository.mainReach.has(sha))).toBe(true);
  });

  it('by squash leaves one commit with the others as co-authors', () => {
    const { repository, act, about, pull } = small();
    act.merge({ ...about, number: pull.number, method: 'squash' });
    const tip = repository.commits.get(repository.branches.get('main') ?? '');
    expect([tip?.parents.length, tip?.sha]).toEqual([1, pull.mergeCommit]);
    expect(tip?.message).toBe('Both (#1)\n\n* One\n\n* Two\n\n---------\n\nCo-authored-by: grace <grace@example.org>');
    expect(tip?.committer.email).toBe('noreply@github.com');
    expect(pull.commits).toHaveLength(2);
    expect(pull.commits.some((sha) => repository.mainReach.has(sha))).toBe(false);
  });

  it('by rebase makes each commit anew with its author and its date', () => {
    const { repository, act, about, pull } = small();
    act.push({ ...about, commits: [{ message: 'Meanwhile' }] });
    act.merge({ ...about, number: pull.number, method: 'rebase' });
    const tip = repository.commits.get(repository.branches.get('main') ?? '');
    const own = repository.commits.get(pull.commits.at(-1) ?? '');
    expect([tip?.message, tip?.author.date, tip?.author.email]).toEqual([
      own?.message,
      own?.author.date,
      'grace@example.org',
    ]);
    expect(tip?.sha).not.toBe(own?.sha);
  });
});

describe('a forced push', () => {
  it('takes commits from the branch, and from the pull request that comes from it', () => {
    const { repository, act, about, pull } = small();
    const main = repository.branches.get('main') ?? '';
    const { forced, commits } = act.forcePush({
      ...about,
      branch: 'change',
      onto: main,
      commits: [{ message: 'Better' }],
    });
    expect([forced, pull.commits]).toEqual([true, commits.map(({ sha }) => sha)]);
    expect(pull.events.map(({ event }) => event)).toEqual(['head_ref_force_pushed']);
  });

  it('to the default branch is seen in what that reaches', () => {
    const { repository, act, about, world } = small();
    const [first = ''] = repository.mainReach;
    act.push({ ...about, commits: [{ message: 'Gone soon' }] });
    act.forcePush({ ...about, onto: first, commits: [{ message: 'Instead' }] });
    const onMain = readTruth(world).commits.filter(({ isOnDefaultBranch }) => isOnDefaultBranch);
    expect(onMain.map(({ message }) => message).toSorted()).toEqual(['Change something', 'Instead']);
  });
});

describe('ids of commits', () => {
  it('are those that git gives', () => {
    const { repository } = small();
    const [first] = repository.commits.values();
    const text = [
      `tree ${first?.tree}`,
      'author ada <ada@example.org> 1767225600 +0000',
      'committer ada <ada@example.org> 1767225600 +0000',
      '',
      'Change something',
    ].join('\n');
    const told = execFileSync('git', ['hash-object', '-t', 'commit', '--stdin'], { input: text, encoding: 'utf8' });
    expect(first?.sha).toBe(told.trim());
  });
});
