import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Cursor, planLook, readCursor, type Seen } from './plan-look.ts';
import { InjectedCrash, MemoryHost } from './testing/memory-host.ts';
import { ScratchFolder, type ScratchRepository } from './testing/scratch-repository.ts';
import { seededRandom } from './testing/generate-history.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

describe('planLook', () => {
  const seen: Seen = { tips: ['a', 'b'], shallow: [], partial: false, branches: 'all' };
  const moved: Seen = { ...seen, tips: ['a', 'c'] };
  const settled = { ...seen, snapshot: 100 };
  const cursor: Cursor = { key: 'k', repository: null, settled, attempt: null };

  it('sees nothing to do while nothing moved, whatever the branches are called', () => {
    expect(planLook(cursor, seen, 200)).toBeNull();
    expect(planLook(cursor, { ...seen, branches: 'default' }, 200)).toBeNull();
  });

  it('tells everything the first time', () => {
    const plan = planLook(readCursor(null), seen, 200);
    expect(plan).toEqual({ attempt: { ...seen, full: true, snapshot: 200 }, capturedBefore: [] });
  });

  it('tells the difference afterwards, under a higher number even when the clock went back', () => {
    const plan = planLook(cursor, moved, 50);
    expect(plan).toEqual({ attempt: { ...moved, full: false, snapshot: 101 }, capturedBefore: ['a', 'b'] });
  });

  it('takes up an interrupted look under its own number while nothing moved', () => {
    const attempt = { ...moved, full: false, snapshot: 150 };
    expect(planLook({ ...cursor, attempt }, moved, 999)?.attempt).toEqual(attempt);
  });

  it('tells everything after an interrupted look of something else, even when all is as it was before', () => {
    const attempt = { ...moved, full: false, snapshot: 150 };
    const plan = planLook({ ...cursor, attempt }, seen, 120);
    expect(plan).toEqual({ attempt: { ...seen, full: true, snapshot: 151 }, capturedBefore: ['a', 'b'] });
  });

  it('goes on telling everything until a full look has ended', () => {
    const attempt = { ...moved, full: true, snapshot: 150 };
    expect(planLook({ ...cursor, attempt }, moved, 999)?.attempt).toMatchObject({ full: true, snapshot: 150 });
    expect(planLook({ ...cursor, attempt }, seen, 999)?.attempt).toMatchObject({ full: true, snapshot: 999 });
  });

  it('reads every commit anew when a shallow clone was deepened or missing objects came', () => {
    const expected = { attempt: { full: true }, capturedBefore: [] };
    expect(planLook(cursor, { ...seen, shallow: ['x'] }, 200)).toMatchObject(expected);
    expect(planLook(cursor, { ...seen, partial: true }, 200)).toMatchObject(expected);
  });
});

describe('readCursor', () => {
  it('begins anew with a cursor that is not its own', () => {
    for (const saved of [null, undefined, 7, 'x', { settled: 1 }]) {
      expect(readCursor(saved)).toEqual({ key: null, repository: null, settled: null, attempt: null });
    }
  });
});

describe('pull, again and again', () => {
  it('captures nothing when nothing changed', async () => {
    const repository = scratch.repository();
    repository.commit();
    const host = new MemoryHost();
    await host.pull(repository.path);
    await host.pull(repository.path);
    expect(host.captured).toEqual([]);
  });

  it('captures only what is new, and tells what is gone', async () => {
    const repository = scratch.repository();
    const base = repository.commit();
    repository.git(['checkout', '-q', '-b', 'side']);
    const dropped = [repository.commit(), repository.commit()];
    repository.git(['checkout', '-q', 'main']);
    const host = new MemoryHost();
    await host.pull(repository.path);
    repository.git(['branch', '-q', '-D', 'side']);
    const added = repository.commit();
    await host.pull(repository.path);
    expect(host.captured.flat().map(({ key, kind }) => (kind === 'commit' ? key : kind))).toEqual([
      `path:${repository.path}/.git#commit#${added}`,
      'reach',
      'reach',
    ]);
    expect(host.facts().reachable()).toEqual([base, added].toSorted());
    expect([...host.facts().commits.keys()]).toEqual(expect.arrayContaining(dropped));
  });

  it('follows a rewritten branch, also when the old commits were collected', async () => {
    for (const collected of [false, true]) {
      const repository = scratch.repository();
      repository.commit();
      repository.commit({ message: 'typo' });
      const host = new MemoryHost();
      await host.pull(repository.path);
      repository.commit({ message: 'no typo', args: ['--amend'] });
      if (collected) repository.dropUnreachable();
      await host.pull(repository.path);
      expect(host.facts().reachable()).toEqual(repository.reachable('main'));
      expect(host.keys('reach-baseline')).toHaveLength(collected ? 2 : 1);
    }
  });

  it('brings a commit back that was gone for a while', async () => {
    const repository = scratch.repository();
    repository.commit();
    const back = repository.commit();
    const host = new MemoryHost();
    await host.pull(repository.path);
    repository.git(['reset', '-q', '--hard', 'HEAD~1']);
    await host.pull(repository.path);
    expect(host.facts().reachable()).not.toContain(back);
    repository.git(['reset', '-q', '--hard', back]);
    await host.pull(repository.path);
    expect(host.facts().reachable()).toEqual(repository.reachable('main'));
  });

  it('is right after a look that was cut off and a branch that went back', async () => {
    const repository = scratch.repository();
    repository.commit();
    const before = repository.commit();
    // The steps of such a look: the attempt is saved, the loss is told, the look is settled.
    for (const step of [1, 2, 3]) {
      const host = new MemoryHost();
      await host.pull(repository.path);
      repository.git(['reset', '-q', '--hard', 'HEAD~1']);
      const cutOff = host.pull(repository.path, { crashAt: { step, done: true } });
      await expect(cutOff).rejects.toThrow(InjectedCrash);
      repository.git(['reset', '-q', '--hard', before]);
      await host.pull(repository.path);
      expect(host.facts().reachable()).toEqual(repository.reachable('main'));
    }
  });

  it('repeats the same keys after a crash when nothing moved', async () => {
    const repository = scratch.repository();
    for (let number = 0; number < 5; number += 1) repository.commit();
    const host = new MemoryHost();
    await expect(host.pull(repository.path, { crashAt: { step: 4, done: true } })).rejects.toThrow(InjectedCrash);
    const before = [...host.events.keys()];
    expect(before.length).toBeGreaterThan(5);
    await host.pull(repository.path);
    expect(new Set(host.captured.flat().map(({ key }) => key))).toEqual(new Set(host.events.keys()));
    expect([...host.events.keys()].slice(0, before.length)).toEqual(before);
  });

  it('tells a change of the repository itself, there and back', async () => {
    const repository = scratch.repository();
    repository.commit();
    const host = new MemoryHost();
    const urls: (string | null | undefined)[] = [];
    for (const url of ['https://a.example/x.git', 'https://b.example/x.git', 'https://a.example/x.git']) {
      repository.git(['config', 'remote.origin.url', url]);
      await host.pull(repository.path);
      urls.push([...host.facts().repositories.values()][0]?.url);
    }
    expect(urls).toEqual(['https://a.example/x.git', 'https://b.example/x.git', 'https://a.example/x.git']);
    expect(host.keys('commit')).toHaveLength(1);
  });

  it('changes to the default branch and back', async () => {
    const repository = scratch.repository();
    repository.commit();
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit();
    repository.git(['checkout', '-q', 'main']);
    const host = new MemoryHost();
    await host.pull(repository.path);
    await host.pull(repository.path, { branches: 'default' });
    expect(host.facts().reachable()).toEqual(repository.reachable('main'));
    await host.pull(repository.path);
    expect(host.facts().reachable()).toEqual(repository.reachable('main', 'side'));
  });

  it('ends at what is there after any history of edits, crashes and collections', async () => {
    const runs = fc.record({ seed: fc.nat(), rounds: fc.integer({ min: 4, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(runs, async ({ seed, rounds }) => {
        const random = seededRandom(seed);
        const repository = scratch.repository();
        repository.commit();
        const host = new MemoryHost();
        for (let round = 0; round < rounds; round += 1) {
          for (let edits = random(4); edits > 0; edits -= 1) editHistory(repository, random);
          await pullOrCrash(host, repository, random);
        }
        await host.pull(repository.path);
        const expected = repository.reachable('--branches');
        for (const order of [inOrder, backwards, shuffledBy(random)]) {
          const facts = host.facts(order);
          expect(facts.reachable()).toEqual(expected);
          for (const sha of expected) expect(facts.commit(sha).fidelity).toBe(30);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

type Random = (below: number) => number;

async function pullOrCrash(host: MemoryHost, repository: ScratchRepository, random: Random): Promise<void> {
  const branches = random(4) === 0 ? 'default' : 'all';
  const crashAt = { step: 1 + random(6), done: random(2) === 0 };
  try {
    await host.pull(repository.path, { branches, ...(random(2) === 0 ? { crashAt } : {}) });
  } catch (error) {
    if (!(error instanceof InjectedCrash)) throw error;
  }
}

/** Leaves HEAD on `main`, whatever happens to the branches. */
function editHistory(repository: ScratchRepository, random: Random): void {
  const branches = repository.git(['branch', '--format=%(refname:short)']).split('\n');
  const branch = branches[random(branches.length)] ?? 'main';
  const other = branches[random(branches.length)] ?? 'main';
  repository.git(['checkout', '-q', branch]);
  const dice = random(12);
  if (dice < 4) repository.commit({ files: { [`f${random(5)}`]: `${random(1000)}\n` } });
  else if (dice < 6) repository.git(['update-ref', `refs/heads/b${random(50)}`, branch === 'main' ? other : 'main']);
  else if (dice < 7) repository.commitIndex({ args: ['--amend'], message: `amended ${random(1000)}` });
  else if (dice < 8 && repository.reachable('HEAD').length > 2) repository.git(['reset', '-q', '--hard', 'HEAD~1']);
  else if (dice < 9) repository.git(['merge', '-q', '-s', 'ours', '--no-edit', '--allow-unrelated-histories', other]);
  else if (dice < 10) repository.git(['checkout', '-q', '--force', 'main']);
  repository.git(['checkout', '-q', '--force', 'main']);
  if (dice === 9 && other !== 'main') repository.git(['branch', '-q', '-D', other]);
  if (dice === 10 && branch !== 'main') repository.git(['branch', '-q', '-D', branch]);
  if (dice === 11) repository.dropUnreachable();
}

const inOrder = <Item>(items: Item[]): Item[] => items;
const backwards = <Item>(items: Item[]): Item[] => items.toReversed();

function shuffledBy(random: Random): <Item>(items: Item[]) => Item[] {
  return (items) => {
    const keyed = items.map((item) => ({ item, at: random(1_000_000) }));
    return keyed.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
  };
}
