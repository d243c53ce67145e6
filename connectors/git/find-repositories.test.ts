import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRepositories } from './find-repositories.ts';
import { git, ScratchFolder } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

function init(folder: string, args: string[] = []): string {
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '-q', '-b', 'main', ...args]);
  return folder;
}

describe('findRepositories', () => {
  it('finds the folder itself: plain, by its .git, bare, or a worktree', async () => {
    const plain = init(scratch.reserve());
    git(plain, ['commit', '-q', '--allow-empty', '-m', 'x']);
    const found = { path: plain, gitDir: path.join(plain, '.git'), bare: false };
    expect(await findRepositories(plain)).toEqual([found]);
    expect(await findRepositories(path.join(plain, '.git'))).toEqual([found]);

    const worktree = scratch.reserve('worktree');
    git(plain, ['worktree', 'add', '-q', worktree]);
    expect(await findRepositories(worktree)).toEqual([{ ...found, path: worktree }]);

    const bare = init(`${scratch.reserve()}.git`, ['--bare']);
    expect(await findRepositories(bare)).toEqual([{ path: bare, gitDir: bare, bare: true }]);

    const apart = scratch.reserve('apart');
    const separate = init(scratch.reserve(), ['--separate-git-dir', apart]);
    expect(await findRepositories(separate)).toEqual([{ path: separate, gitDir: apart, bare: false }]);
  });

  it('finds the repositories below, each once, without looking into them', async () => {
    const folder = scratch.reserve('projects');
    const one = init(path.join(folder, 'one'));
    git(one, ['commit', '-q', '--allow-empty', '-m', 'x']);
    init(path.join(one, 'vendor', 'inside'));
    const deep = init(path.join(folder, 'group', 'sub', 'more', 'deep'));
    init(path.join(folder, 'group', 'sub', 'more', 'too', 'deep'));
    const bare = init(path.join(folder, 'mirror.git'), ['--bare']);
    init(path.join(folder, '.cache', 'hidden'));
    init(path.join(folder, 'app', 'node_modules', 'dependency'));
    git(one, ['worktree', 'add', '-q', path.join(folder, 'a-worktree-of-one')]);
    writeFileSync(path.join(folder, 'file'), '');
    symlinkSync(folder, path.join(folder, 'group', 'back'));
    symlinkSync('nowhere', path.join(folder, 'dangling'));
    symlinkSync('itself', path.join(folder, 'itself'));
    const outside = init(scratch.reserve('outside'));
    symlinkSync(outside, path.join(folder, 'linked'));
    const found = await findRepositories(folder);
    expect(found.map((repository) => repository.path)).toEqual([bare, deep, one, outside].toSorted());
  });

  it('does not take submodules for repositories of their own, unless one is named', async () => {
    const part = scratch.repository();
    part.commit();
    const whole = scratch.repository();
    whole.git(['submodule', '--quiet', 'add', part.path, 'part']);
    whole.commit();
    expect(await findRepositories(whole.path)).toHaveLength(1);
    const checkout = path.join(whole.path, 'part');
    expect(await findRepositories(checkout)).toEqual([
      { path: checkout, gitDir: path.join(whole.path, '.git', 'modules', 'part'), bare: false },
    ]);
  });

  it('says what is wrong with a folder that holds none', async () => {
    const nothing = scratch.reserve('nothing');
    await expect(findRepositories(nothing)).rejects.toMatchObject({
      name: 'SourceUnreadable',
      code: 'not_found',
      message: `There is no folder ${nothing}.`,
    });
    mkdirSync(nothing);
    await expect(findRepositories(nothing)).rejects.toMatchObject({
      code: 'not_a_source',
      message: expect.stringContaining('holds none (looked 4 levels deep)'),
    });
    const broken = path.join(nothing, 'broken');
    mkdirSync(path.join(broken, '.git'), { recursive: true });
    await expect(findRepositories(nothing)).rejects.toMatchObject({
      code: 'not_a_source',
      message: expect.stringContaining(
        `${broken} looks like a git repository but git says: fatal: not a git repository`,
      ),
    });
  });

  it('goes on past a folder that it cannot read, and tells of it', async () => {
    const folder = scratch.reserve('mixed');
    const fine = init(path.join(folder, 'fine'));
    mkdirSync(path.join(folder, 'broken', '.git'), { recursive: true });
    const closed = path.join(folder, 'closed');
    mkdirSync(closed);
    const asRoot = process.getuid?.() === 0;
    chmodSync(scratch.path, 0o755);
    chmodSync(closed, asRoot ? 0o700 : 0o000);
    const skipped: string[] = [];
    const onSkipped = (where: string, reason: { code: string }): void => {
      skipped.push(`${path.basename(where)}: ${reason.code}`);
    };
    try {
      if (asRoot) process.seteuid?.(65_534);
      expect(await findRepositories(folder, { onSkipped })).toMatchObject([{ path: fine }]);
      expect(skipped).toEqual(['broken: not_a_source', 'closed: denied']);
      await expect(findRepositories(closed)).rejects.toMatchObject({ code: 'denied' });
    } finally {
      if (asRoot) process.seteuid?.(0);
      chmodSync(closed, 0o700);
    }
  });
});
