import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connector } from './connector.ts';
import { git, ScratchFolder } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

describe('connector', () => {
  it('discovers the repositories of a folder as sources that can be found again', async () => {
    const folder = scratch.reserve('projects');
    for (const name of ['one', 'two']) {
      mkdirSync(path.join(folder, name), { recursive: true });
      git(path.join(folder, name), ['init', '-q']);
    }
    const found = await connector.discover?.(folder);
    expect(found).toEqual(
      ['one', 'two'].map((name) => ({
        naturalKey: `path:${folder}/${name}/.git`,
        name,
        settings: { path: path.join(folder, name), branches: 'all' },
      })),
    );
    for (const { settings } of found ?? []) expect(connector.settings.parse(settings)).toEqual(settings);
  });

  it('suggests who the person at the keyboard is', async () => {
    const repository = scratch.repository();
    repository.git(['config', 'user.email', 'ada@example.org']);
    repository.git(['config', 'user.name', 'Ada']);
    const own = await connector.suggestSelf?.({ path: repository.path, branches: 'all' });
    expect(own).toEqual({ email: 'ada@example.org', name: 'Ada' });
  });

  it('takes only settings that can be right', () => {
    expect(connector.settings.parse({ path: '/srv/x' })).toEqual({ path: '/srv/x', branches: 'all' });
    for (const wrong of [{}, { path: '' }, { path: 'relative' }, { path: '/a\0b' }, { path: '/a', branches: 'some' }]) {
      expect(connector.settings.safeParse(wrong).success).toBe(false);
    }
  });
});
