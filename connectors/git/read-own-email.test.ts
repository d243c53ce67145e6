import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOwnEmail } from './read-own-email.ts';
import { git, ScratchFolder } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

const before = { ...process.env };
beforeEach(() => {
  const home = scratch.reserve('home');
  mkdirSync(home);
  process.env['HOME'] = home;
  process.env['XDG_CONFIG_HOME'] = home;
  process.env['GIT_CONFIG_NOSYSTEM'] = '1';
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('readOwnEmail', () => {
  it('knows nobody where git knows nobody', async () => {
    expect(await readOwnEmail(scratch.repository().path)).toBeNull();
  });

  it('asks the configuration of the person first and that of the repository last', async () => {
    const repository = scratch.repository();
    writeFileSync(
      path.join(process.env['HOME'] ?? '', '.gitconfig'),
      '[user]\nname = Ada L.\nemail = home@example.org\n',
    );
    expect(await readOwnEmail(repository.path)).toEqual({ email: 'home@example.org', name: 'Ada L.' });
    repository.git(['config', 'user.email', 'work@example.org']);
    expect(await readOwnEmail(repository.path)).toEqual({ email: 'work@example.org', name: 'Ada L.' });
    repository.commit();
    const worktree = scratch.reserve('worktree');
    git(repository.path, ['worktree', 'add', '-q', worktree]);
    expect(await readOwnEmail(worktree)).toEqual({ email: 'work@example.org', name: 'Ada L.' });
  });

  it('is about this folder even when a hook of another repository started us', async () => {
    const other = scratch.repository();
    other.git(['config', 'user.email', 'other@example.org']);
    process.env['GIT_DIR'] = path.join(other.path, '.git');
    const repository = scratch.repository();
    repository.git(['config', 'user.email', 'mine@example.org']);
    expect(await readOwnEmail(repository.path)).toEqual({ email: 'mine@example.org', name: '' });
  });

  it('refuses a folder that is no repository', async () => {
    await expect(readOwnEmail(scratch.reserve('nothing'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
