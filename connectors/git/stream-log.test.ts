import { afterAll, describe, expect, it } from 'vitest';
import { openRepository } from './open-repository.ts';
import { parseCommit } from './parse-commit.ts';
import { streamLog } from './stream-log.ts';
import { MemoryHost } from './testing/memory-host.ts';
import { ScratchFolder, type ScratchRepository } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

function sixCommits(): { origin: ScratchRepository; shas: string[] } {
  const origin = scratch.repository();
  const shas = [1, 2, 3].map((a) => origin.commit({ files: { a: `${a}\n`, [`new${a}`]: 'x\ny\n' } }));
  origin.git(['checkout', '-q', '--orphan', 'island']);
  origin.git(['rm', '-q', '-r', '-f', '.']);
  shas.push(origin.commit({ files: { island: 'x\n' } }));
  origin.git(['checkout', '-q', 'main']);
  origin.git(['merge', '-q', '--no-edit', '--allow-unrelated-histories', 'island']);
  shas.push(origin.git(['rev-parse', 'HEAD']));
  shas.push(origin.commit({ files: { a: '6\n' } }));
  return { origin, shas };
}

describe('pull of a shallow clone', () => {
  it('knows the commits, but not the files of those at the cut', async () => {
    const { origin, shas } = sixCommits();
    const [, second = '', third = '', island = '', merge = '', last = ''] = shas;
    const clone = scratch.clone(origin.path, ['--depth', '3']);
    const host = new MemoryHost();
    await host.pull(clone.path);
    const facts = host.facts();
    expect(facts.reachable()).toEqual([third, island, merge, last].toSorted());
    expect(facts.commit(third)).toMatchObject({ files: null, fidelity: 20, parents: [second] });
    expect(facts.commit(island)).toMatchObject({
      files: [{ path: 'island', additions: 1 }],
      fidelity: 30,
      parents: [],
    });
    expect(facts.commit(last)).toMatchObject({ files: [{ path: 'a', additions: 1, deletions: 1 }], fidelity: 30 });
    expect(host.keys('commit').filter((key) => key.endsWith('#shallow'))).toEqual([
      `path:${clone.path}/.git#commit#${third}#shallow`,
    ]);
  });

  it('knows that a merge at the cut is a merge', async () => {
    const { origin, shas } = sixCommits();
    const clone = scratch.clone(origin.path, ['--depth', '2']);
    const host = new MemoryHost();
    await host.pull(clone.path);
    expect(host.facts().commit(shas[4] ?? '')).toMatchObject({ parents: [shas[2], shas[3]], files: null });
  });

  it('learns what it lacked when the clone is deepened, and keeps it when it is cut again', async () => {
    const { origin, shas } = sixCommits();
    const clone = scratch.clone(origin.path, ['--depth', '2']);
    const host = new MemoryHost();
    await host.pull(clone.path);
    clone.git(['fetch', '-q', '--depth', '3']);
    await host.pull(clone.path);
    expect(host.facts().reachable()).toEqual(clone.reachable('HEAD'));
    clone.git(['fetch', '-q', '--unshallow']);
    await host.pull(clone.path);
    const facts = host.facts((events) => events.toReversed());
    expect(facts.reachable()).toEqual(shas.toSorted());
    for (const sha of shas) expect(facts.commit(sha)).toMatchObject({ sha, fidelity: 30, files: expect.any(Array) });
    clone.git(['fetch', '-q', '--depth', '1']);
    clone.dropUnreachable();
    await host.pull(clone.path);
    expect(host.facts().reachable()).toEqual([shas[5]]);
    expect(host.facts().commit(shas[5] ?? '').fidelity).toBe(30);
  });
});

describe('pull of a shallow clone whose old commits were collected', () => {
  it('goes on with what is there', async () => {
    const { origin } = sixCommits();
    const clone = scratch.clone(origin.path, ['--depth', '2']);
    clone.git(['remote', 'remove', 'origin']);
    clone.commit({ message: 'typo' });
    const host = new MemoryHost();
    await host.pull(clone.path);
    clone.commit({ message: 'no typo', args: ['--amend'] });
    clone.dropUnreachable();
    await host.pull(clone.path);
    expect(host.facts().reachable()).toEqual(clone.reachable('HEAD'));
  });
});

describe('pull of a partial clone', () => {
  it('knows the commits without asking the remote for what is missing', async () => {
    const { origin, shas } = sixCommits();
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    const clone = scratch.clone(origin.path, ['--filter=blob:none', '--no-checkout']);
    const missing = clone.git(['rev-list', '--objects', '--all', '--missing=print']);
    const host = new MemoryHost();
    await host.pull(clone.path);
    expect(host.facts().reachable()).toEqual(shas.toSorted());
    expect(host.facts().commit(shas[0] ?? '')).toMatchObject({ files: null, fidelity: 20 });
    expect(missing).toContain('?');
    expect(clone.git(['rev-list', '--objects', '--all', '--missing=print'])).toBe(missing);

    clone.git(['fetch', '-q', '--refetch', '--no-filter', 'origin']);
    clone.git(['config', '--unset', 'remote.origin.promisor']);
    clone.git(['config', '--unset', 'remote.origin.partialclonefilter']);
    await host.pull(clone.path);
    for (const sha of shas) expect(host.facts().commit(sha).fidelity).toBe(30);
  });
});

describe('streamLog', () => {
  it('leaves out the files of a commit that has too many to be one event', async () => {
    const repository = scratch.repository();
    const small = repository.commit({ files: { a: '1\n' }, message: 'small' });
    const files = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`folder/file number ${index}`, 'x\n']));
    const large = repository.commit({
      files,
      message: 'large ä\n\nwith a body\n\nCo-authored-by: Bob <bob@example.org>\n',
    });
    const after = repository.commit({ files: { a: '2\n' }, message: 'after' });
    const records: Buffer[] = [];
    const groups = streamLog({
      repository: await openRepository(repository.path),
      from: [after],
      without: [],
      shallow: [],
      partial: false,
      recordBytesMax: 20_000,
    });
    for await (const group of groups) records.push(...group);
    expect(records.map(parseCommit)).toMatchObject([
      { sha: after, files: [{ path: 'a' }], fidelity: 30 },
      { sha: large, subject: 'large ä', coAuthors: [{ name: 'Bob' }], files: null, fidelity: 20 },
      { sha: small, files: [{ path: 'a' }], fidelity: 30 },
    ]);
    expect(records[1]?.length).toBeLessThan(1000);
  });
});
