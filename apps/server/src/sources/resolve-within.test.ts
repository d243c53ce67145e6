import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '@devpulse/contract/errors';
import { findRoots, resolveWithin, type Root } from './resolve-within.ts';

let top = '';
let roots: Root[] = [];
const at = (...names: string[]): string => path.join(top, ...names);

beforeAll(async () => {
  top = await realpath(await mkdtemp(path.join(tmpdir(), 'devpulse-roots-')));
  await mkdir(at('home', 'code', 'deep'), { recursive: true });
  await mkdir(at('home-of-another', 'secret'), { recursive: true });
  await writeFile(at('home', 'letter.txt'), 'dear');
  await symlink(at('home'), at('alias'));
  await symlink(at('home', 'code'), at('home', 'inner'));
  await symlink('code/deep', at('home', 'relative'));
  await symlink(at('home-of-another'), at('home', 'out'));
  await symlink(at('home-of-another', 'nothing'), at('home', 'dangling-out'));
  await symlink(at('home', 'gone'), at('home', 'dangling-in'));
  await symlink(at('home', 'loop'), at('home', 'loop'));
  roots = await findRoots([at('alias'), at('not-mounted')]);
});
afterAll(() => rm(top, { recursive: true }));

async function resolve(asked: string): Promise<string> {
  return resolveWithin(roots, asked).catch((error: unknown) => {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  });
}

describe('resolveWithin', () => {
  it('follows links as long as they stay below a root, by whichever of its names', async () => {
    expect(await resolve(at('alias'))).toBe(at('home'));
    expect(await resolve(at('home', 'code', '..', 'code', 'deep'))).toBe(at('home', 'code', 'deep'));
    expect(await resolve(at('alias', 'inner', 'deep'))).toBe(at('home', 'code', 'deep'));
    expect(await resolve(at('home', 'relative'))).toBe(at('home', 'code', 'deep'));
  });

  it('says the very same of what is there and of what is not, outside of the roots', async () => {
    const pairs: [string, string][] = [
      [at('home-of-another', 'secret'), at('home-of-another', 'nothing')],
      [at('home', 'out', 'secret'), at('home', 'out', 'nothing')],
      [at('home', '..', 'home-of-another'), at('home', '..', 'nothing')],
      [at('home', 'out'), at('home', 'dangling-out')],
      ['/etc', '/nothing-of-that-name'],
      [at('home-of-another'), at('home-')],
    ];
    for (const [there, missing] of pairs) {
      const [a, b] = [await resolve(there), await resolve(missing)];
      expect(a).toContain('forbidden: ');
      expect(a.replace(there, '…')).toBe(b.replace(missing, '…'));
      expect(a).toContain(at('alias'));
      expect(a).toContain('DEVPULSE_GIT_ROOTS');
    }
  });

  it('says what is missing below a root, and what is no path at all', async () => {
    for (const asked of [
      at('home', 'code', 'nothing'),
      at('home', 'dangling-in'),
      at('home', 'loop'),
      at('home', 'letter.txt', 'x'),
    ])
      expect(await resolve(asked)).toMatch(/^invalid_request: There is no folder /);
    for (const asked of ['code', '~/code', './x', `${at('home')}\0`])
      expect(await resolve(asked)).toMatch(/^invalid_request: .*is not an absolute path/);
  });

  it('lets nothing through when no root exists', async () => {
    const none = await findRoots([at('not-mounted')]);
    await expect(resolveWithin(none, at('home'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});
