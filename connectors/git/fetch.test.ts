import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countAuthorDays, countCredits, showFiles, sumLines, tally } from './testing/count-with-git.ts';
import { generateHistory } from './testing/generate-history.ts';
import { type FactTable, MemoryHost } from './testing/memory-host.ts';
import { git, ScratchFolder, type ScratchRepository } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

async function read(repository: ScratchRepository, branches: 'all' | 'default' = 'all'): Promise<FactTable> {
  const host = new MemoryHost();
  await host.pull(repository.path, { branches });
  return host.facts();
}

describe('pull', () => {
  it('tells of every commit, with what it did and where it is reachable', async () => {
    const repository = scratch.repository();
    const first = repository.commit({ files: { 'a.txt': 'one\ntwo\n' }, message: 'First\n\nwhy' });
    const second = repository.commit({ files: { 'a.txt': 'one\n2\n3\n' }, date: '1700000000 +0530' });
    const facts = await read(repository);
    expect(facts.reachable()).toEqual([first, second].toSorted());
    expect(facts.commit(second)).toEqual({
      fact: 'commit',
      sha: second,
      author: { name: 'Ada', email: 'ada@example.org' },
      authoredAt: '2023-11-14T22:13:20.000Z',
      authoredOffsetMinutes: 330,
      committer: { name: 'Carl', email: 'carl@example.org' },
      committedAt: '2023-11-14T22:13:20.000Z',
      committedOffsetMinutes: 330,
      parents: [first],
      subject: 'commit at 1700000120',
      coAuthors: [],
      files: [{ path: 'a.txt', previousPath: null, additions: 2, deletions: 1, isBinary: false, isSubmodule: false }],
      fidelity: 30,
    });
    expect(facts.commit(first)).toMatchObject({ subject: 'First', files: [{ path: 'a.txt', additions: 2 }] });
  });

  it('counts as git itself counts: commits by author and day, credits, lines', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 700);
    const facts = await read(repository);
    const commits = [...facts.commits.values()];
    expect(commits).toHaveLength(700);
    expect(facts.reachable()).toEqual(repository.reachable('main'));

    const days = commits.map(({ author, authoredAt, authoredOffsetMinutes }) => {
      const local = new Date(Date.parse(authoredAt) + authoredOffsetMinutes * 60_000);
      return `${author.email} ${local.toISOString().slice(0, 10)}`;
    });
    expect(tally(days)).toEqual(countAuthorDays(repository.path, ['main']));

    const credited = commits.flatMap((commit) => [commit.author, ...commit.coAuthors].map(({ email }) => email ?? ''));
    const credits = countCredits(repository.path, ['main']);
    expect(tally(credited)).toEqual(new Map([...credits].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    expect(credited.length).toBeGreaterThan(750);

    const sums = sumLines(repository.path, ['main']);
    for (const { sha, files } of commits) {
      const additions = files?.reduce((sum, file) => sum + file.additions, 0);
      const deletions = files?.reduce((sum, file) => sum + file.deletions, 0);
      expect({ sha, additions, deletions }).toEqual({ sha, ...sums.get(sha) });
    }
    const merges = commits.filter((commit) => commit.parents.length > 1);
    expect(merges.map(({ sha }) => sha).toSorted()).toEqual(repository.reachable('--merges', 'main'));
    expect(merges.every(({ files }) => files?.length === 0)).toBe(true);
  });

  it('reads renames, deletions, binary files, links and submodules as what they are', async () => {
    const repository = scratch.repository();
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');
    const before = repository.commit({
      files: { 'old name.txt': lines, 'picture.bin': Buffer.from([0, 1, 2, 255]), 'gone.txt': 'a\nb\n' },
    });
    repository.git(['mv', 'old name.txt', 'new name.txt']);
    repository.git(['update-index', '--add', '--cacheinfo', `160000,${before},lib`]);
    repository.git(['rm', '-q', 'gone.txt']);
    const link = repository.git(['hash-object', '-w', '--stdin'], { input: 'new name.txt' });
    repository.git(['update-index', '--add', '--cacheinfo', `120000,${link},link`]);
    repository.write('picture.bin', Buffer.from([0, 1, 2, 3, 4]));
    repository.git(['add', 'picture.bin']);
    const moved = repository.commitIndex();
    repository.git(['update-index', '--cacheinfo', `160000,${moved},lib`]);
    const bumped = repository.commitIndex();

    const facts = await read(repository);
    const file = { previousPath: null, additions: 0, deletions: 0, isBinary: false, isSubmodule: false };
    expect(facts.commit(moved).files).toEqual([
      { ...file, path: 'gone.txt', deletions: 2 },
      { ...file, path: 'lib', additions: 1, isSubmodule: true },
      { ...file, path: 'link', additions: 1 },
      { ...file, path: 'new name.txt', previousPath: 'old name.txt' },
      { ...file, path: 'picture.bin', isBinary: true },
    ]);
    expect(facts.commit(bumped).files).toEqual([
      { ...file, path: 'lib', additions: 1, deletions: 1, isSubmodule: true },
    ]);
  });

  it('reads any file name a tree can hold', async () => {
    const repository = scratch.repository();
    const names = [
      'with "quotes" and \\ backslash',
      'tab\there',
      'ends in tab\t',
      'new\nline',
      ' leading and trailing ',
      'devpulse-git-commit/1',
      ':100644 100644 looks raw',
      '1\t2\tlooks like a count',
      '-\t-\tlooks binary',
      'ünï/cödé',
      'commit',
    ].map((name) => Buffer.from(name));
    names.push(Buffer.from([0x63, 0x61, 0x66, 0xe9]), Buffer.from([0xff, 0xfe]));
    const blob = repository.git(['hash-object', '-w', '--stdin'], { input: 'x\ny\n' });
    const entries = names.map((name) => Buffer.concat([Buffer.from(`100644 ${blob}\t`), name, Buffer.of(0)]));
    repository.git(['update-index', '-z', '--index-info'], { input: Buffer.concat(entries) });
    const added = repository.commitIndex();
    for (const name of names.slice(0, 3)) repository.git(['rm', '-q', '--cached', '--', name.toString()]);
    const empty = repository.git(['hash-object', '-w', '--stdin'], { input: 'x\ny\nz\n' });
    repository.git(['update-index', '-z', '--index-info'], {
      input: `100644 ${empty}\tmoved\ttab\t\0`,
    });
    const changed = repository.commitIndex();

    const facts = await read(repository);
    const files = facts.commit(added).files ?? [];
    expect(files.map(({ path: name }) => name).toSorted()).toEqual(
      names.slice(0, -2).map(String).concat('café', 'ÿþ').toSorted(),
    );
    expect(files.every(({ additions, deletions }) => additions === 2 && deletions === 0)).toBe(true);
    expect([...showFiles(repository.path, added).keys()]).toHaveLength(names.length);
    expect(facts.commit(changed).files?.find(({ previousPath }) => previousPath !== null)).toMatchObject({
      path: 'moved\ttab\t',
      additions: 1,
      deletions: 0,
    });
  });

  it('keeps one file when two names differ only in their encoding', async () => {
    const repository = scratch.repository();
    const blob = repository.git(['hash-object', '-w', '--stdin'], { input: 'x\ny\n' });
    const latin = Buffer.concat([Buffer.from(`100644 ${blob}\tcaf`), Buffer.of(0xe9, 0)]);
    repository.git(['update-index', '-z', '--index-info'], {
      input: Buffer.concat([latin, Buffer.from(`100644 ${blob}\tcafé\0`)]),
    });
    const sha = repository.commitIndex();
    expect((await read(repository)).commit(sha).files).toMatchObject([{ path: 'café', additions: 4 }]);
  });

  it('reads old encodings by their header, by guess, and never fails', async () => {
    const repository = scratch.repository();
    const date = '1700000000 +0100';
    const latinName = Buffer.concat([Buffer.from('author J'), Buffer.of(0xf6), Buffer.from(`rg <j@x> ${date}`)]);
    const committer = `committer C <c@x> ${date}`;
    const withoutHeader = repository.storeCommit('latin', [latinName, committer], Buffer.from([0x47, 0xfc, 0x6e]));
    const koi8 = repository.storeCommit(
      'koi8',
      [`author P <p@x> ${date}`, committer, 'encoding KOI8-R'],
      Buffer.from([0xf0, 0xd2, 0xc9]),
    );
    const unknown = repository.storeCommit(
      'unknown',
      [`author P <p@x> ${date}`, committer, 'encoding Klingon'],
      Buffer.from([0xe4, 0x21]),
    );
    const lying = repository.storeCommit(
      'lying',
      [`author P <p@x> ${date}`, committer, 'encoding ISO-2022-JP'],
      'is UTF-8: ö',
    );
    const unknownToGit = repository.storeCommit(
      'mac',
      [`author P <p@x> ${date}`, committer, 'encoding x-mac-cyrillic'],
      Buffer.from([0x8f, 0xf0, 0xe8]),
    );
    const facts = await read(repository);
    expect(facts.commit(withoutHeader)).toMatchObject({ author: { name: 'Jörg' }, subject: 'Gün' });
    expect(facts.commit(koi8).subject).toBe('При');
    expect(facts.commit(unknownToGit).subject).toBe('При');
    expect(facts.commit(unknown).subject).toBe('ä!');
    expect(facts.commit(lying).subject).toBe('is UTF-8: ö');
  });

  it('counts commits whose dates, zones or names are broken', async () => {
    const repository = scratch.repository();
    const committer = 'committer C <c@x> 1700000000 -0130';
    const negative = repository.storeCommit('negative', ['author A <a@x> -5 +0000', committer]);
    const words = repository.storeCommit('words', ['author A <a@x> yesterday', committer]);
    const nobody = repository.storeCommit('nobody', ['author  <> 0 +0000', committer]);
    const noAddress = repository.storeCommit('noaddress', ['author Anna', committer]);
    const zone = repository.storeCommit('zone', ['author A <a@x> 1700000000 +9900', committer]);
    const far = repository.storeCommit('far', ['author A <a@x> 253402300799 +0000', committer]);
    const tooFar = repository.storeCommit('toofar', ['author A <a@x> 99999999999999 +0000', committer]);
    const dateless = repository.storeCommit('dateless', ['author A <a@x>', 'committer C <c@x>']);
    const facts = await read(repository);
    const other = { authoredAt: '2023-11-14T22:13:20.000Z', authoredOffsetMinutes: -90 };
    expect(facts.commit(negative)).toMatchObject(other);
    expect(facts.commit(words)).toMatchObject({ ...other, author: { name: 'A', email: 'a@x' } });
    expect(facts.commit(nobody)).toMatchObject({ author: { name: 'unknown' }, authoredAt: '1970-01-01T00:00:00.000Z' });
    expect(facts.commit(noAddress)).toMatchObject({ ...other, author: { name: 'unknown' } });
    expect(facts.commit(zone)).toMatchObject({ authoredOffsetMinutes: 1439 });
    expect(facts.commit(far)).toMatchObject({ authoredAt: '9999-12-31T23:59:59.000Z' });
    expect(facts.commit(tooFar)).toMatchObject(other);
    expect(facts.malformed).toEqual([expect.stringMatching(new RegExp(`#commit#${dateless}$`))]);
  });

  it('credits the co-authors whom git itself finds', async () => {
    const repository = scratch.repository();
    const message = [
      'Subject',
      '',
      'Co-authored-by: Quoted <quoted@example.org> is only spoken of here, in the text',
      '',
      'co-AUTHORED-by:   Bob B.   < bob@example.org > ',
      'Co-authored-by: Bob again <BOB@example.org>',
      'Co-authored-by: Ada herself <ADA@example.org>',
      'Co-authored-by: No Address',
      'Co-authored-by: Çağla',
      '  Folded <cagla@example.org>',
      'Signed-off-by: Carl <carl@example.org>',
      '',
    ];
    const sha = repository.commit({ message: message.join('\n') });
    const windows = repository.commit({ message: 'Subject\r\n\r\nCo-authored-by: Eve <eve@example.org>\r\n' });
    const title = repository.commit({ message: 'Co-authored-by: Title <title@example.org>\n' });
    const facts = await read(repository);
    expect(facts.commit(sha).coAuthors).toEqual([
      { name: 'Bob B.', email: 'bob@example.org' },
      { name: 'Çağla Folded', email: 'cagla@example.org' },
    ]);
    expect(facts.commit(windows).coAuthors).toEqual([{ name: 'Eve', email: 'eve@example.org' }]);
    expect(facts.commit(title).coAuthors).toEqual([]);
  });

  it('follows merges of many parents and roots without a common past', async () => {
    const repository = scratch.repository();
    const root = repository.commit({ files: { base: 'x\n' } });
    const sides = ['one', 'two', 'three'].map((name) => {
      repository.git(['checkout', '-q', '-b', name, root]);
      return repository.commit({ files: { [name]: 'y\n' } });
    });
    repository.git(['checkout', '-q', 'main']);
    const main = repository.commit();
    repository.git(['merge', '-q', '--no-edit', 'one', 'two', 'three']);
    const octopus = repository.git(['rev-parse', 'HEAD']);
    repository.git(['checkout', '-q', '--orphan', 'island']);
    const island = repository.commit({ files: { base: 'x\nz\n' } });
    const facts = await read(repository);
    expect(facts.commit(octopus)).toMatchObject({ parents: [main, ...sides], files: [] });
    expect(facts.commit(island)).toMatchObject({ parents: [] });
    expect(facts.commit(island).files?.find((file) => file.path === 'base')).toMatchObject({ additions: 2 });
    expect(facts.reachable()).toEqual(repository.reachable('--all'));
  });

  it('reads repositories that name their objects with SHA-256', async () => {
    const repository = scratch.repository({ initArgs: ['--object-format=sha256'] });
    const sha = repository.commit({ files: { a: 'x\n' } });
    const facts = await read(repository);
    expect(sha).toHaveLength(64);
    expect(facts.reachable()).toEqual([sha]);
    expect(facts.commit(sha).files).toMatchObject([{ path: 'a', additions: 1 }]);
  });

  it('takes an empty repository for what it is', async () => {
    const repository = scratch.repository({ name: 'empty' });
    const host = new MemoryHost();
    await host.pull(repository.path);
    expect([...host.events.values()].map(({ kind }) => kind)).toEqual(['repository', 'reach-baseline']);
    expect([...host.facts().repositories.values()]).toMatchObject([
      { key: `path:${repository.path}/.git`, name: path.basename(repository.path), defaultBranch: 'main', url: null },
    ]);
  });
});

describe('pull, choosing branches', () => {
  it('counts every branch, remote branches and detached heads, but neither tags nor stash nor notes', async () => {
    const origin = scratch.repository();
    origin.commit({ files: { a: '1\n' } });
    origin.git(['checkout', '-q', '-b', 'theirs']);
    const theirs = origin.commit();
    origin.git(['checkout', '-q', 'main']);
    const clone = scratch.clone(origin.path);
    clone.commit({ files: { a: '2\n' } });
    clone.git(['notes', 'add', '-m', 'a note']);
    clone.write('a', 'stashed\n');
    clone.git(['stash', '-q']);
    clone.git(['checkout', '-q', '--detach']);
    const tagged = clone.commit();
    clone.git(['tag', '-a', '-m', 'kept', 'v1']);
    clone.git(['checkout', '-q', '--detach', 'main']);
    const detached = clone.commit();
    const worktree = scratch.reserve('worktree');
    clone.git(['worktree', 'add', '-q', '--detach', worktree, 'main']);
    const elsewhere = git(worktree, ['commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-m', 'elsewhere']);
    git(worktree, ['checkout', '-q', elsewhere]);

    const facts = await read(clone);
    expect(facts.reachable()).toEqual(clone.reachable('--branches', '--remotes', detached, elsewhere));
    expect(facts.reachable()).toContain(theirs);
    expect(facts.reachable()).not.toContain(tagged);
    const host = new MemoryHost();
    await host.pull(worktree);
    expect(host.facts().reachable()).toEqual(facts.reachable());
    expect([...host.facts().repositories.keys()]).toEqual([...facts.repositories.keys()]);
  });

  it('finds the default branch at origin, with what is not pushed yet', async () => {
    const origin = scratch.repository();
    origin.git(['checkout', '-q', '-b', 'trunk']);
    origin.commit();
    origin.git(['checkout', '-q', '-b', 'side']);
    origin.commit();
    origin.git(['checkout', '-q', 'trunk']);
    const clone = scratch.clone(origin.path);
    const unpushed = clone.commit();
    origin.commit({ files: { pushed: 'x\n' } });
    clone.git(['fetch', '-q']);
    clone.git(['checkout', '-q', '-b', 'mine', 'origin/side']);
    const facts = await read(clone, 'default');
    expect(facts.reachable()).toEqual(clone.reachable('trunk', 'origin/trunk'));
    expect(facts.reachable()).toContain(unpushed);
    expect([...facts.repositories.values()]).toMatchObject([{ defaultBranch: 'trunk', url: `file://${origin.path}` }]);
  });

  it('takes HEAD for the default branch where no remote names one', async () => {
    const repository = scratch.repository();
    repository.commit();
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit();
    repository.git(['checkout', '-q', 'main']);
    expect((await read(repository, 'default')).reachable()).toEqual(repository.reachable('main'));
    repository.git(['checkout', '-q', '--detach', 'side']);
    const facts = await read(repository, 'default');
    expect(facts.reachable()).toEqual(repository.reachable('side'));
    expect([...facts.repositories.values()]).toMatchObject([{ defaultBranch: null }]);
  });

  it('reads a bare repository, and one where HEAD is detached and no branch is left', async () => {
    const repository = scratch.repository();
    repository.commit({ files: { a: '1\n' } });
    const bare = scratch.clone(repository.path, ['--bare']);
    expect((await read(bare)).reachable()).toEqual(repository.reachable('main'));
    repository.git(['checkout', '-q', '--detach']);
    repository.git(['branch', '-D', 'main']);
    expect((await read(repository)).reachable()).toEqual(repository.reachable('HEAD'));
  });
});

describe('pull, history as it is', () => {
  it('is not deceived by replaced objects and grafts', async () => {
    const repository = scratch.repository();
    const shas = ['1\n', '2\n', '3\n'].map((a) => repository.commit({ files: { a } }));
    const [first = '', second = '', third = ''] = shas;
    const other = repository.git(['commit-tree', `${first}^{tree}`, '-m', 'not what happened']);
    repository.git(['replace', second, other]);
    appendFileSync(path.join(repository.path, '.git', 'info', 'grafts'), `${third}\n`);
    const facts = await read(repository);
    expect(facts.reachable()).toEqual(shas.toSorted());
    expect(facts.commit(second)).toMatchObject({ subject: 'commit at 1700000120', parents: [first] });
    expect(facts.commit(third).parents).toEqual([second]);
  });

  it('honours the attributes of the folder it reads, and of no other', async () => {
    const repository = scratch.repository();
    const sha = repository.commit({ files: { 'a.svg': 'x\n', 'b.txt': 'y\n', '.gitattributes': '*.svg -diff\n' } });
    expect((await read(repository)).commit(sha).files).toMatchObject([
      { path: '.gitattributes' },
      { path: 'a.svg', isBinary: true, additions: 0 },
      { path: 'b.txt', isBinary: false, additions: 1 },
    ]);
    const bare = scratch.clone(repository.path, ['--bare']);
    const around = process.cwd();
    const elsewhere = scratch.reserve('elsewhere');
    git(scratch.path, ['init', '-q', elsewhere]);
    writeFileSync(path.join(elsewhere, '.gitattributes'), '* -diff\n');
    try {
      process.chdir(elsewhere);
      const files = (await read(bare)).commit(sha).files ?? [];
      expect(files.map(({ isBinary }) => isBinary)).toEqual([false, false, false]);
    } finally {
      process.chdir(around);
    }
  });
});
