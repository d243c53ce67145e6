import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plant, removeTree } from '../test/planted-tree.ts';
import { findUnboundTests, SERVER_VARIABLES, tellByFolder } from './find-unbound-tests.ts';
import { ROOT } from './root.ts';

describe('findUnboundTests', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'devpulse-unbound-'));
    plant(root, {
      'packages/one/package.json': '{ "name": "@devpulse/one" }',
      'packages/one/src/testing/server.ts': `export const server = process.env['TEST_DATABASE_URL'];`,
      'packages/one/src/testing/store.ts': `import { server } from './server.ts';\nexport const store = server;`,
      'packages/one/src/pure.ts': 'export const pure = 1;',
    });
  });
  afterEach(() => removeTree(root));

  it.each([
    ['names a server itself', `const url = process.env['TEST_REDIS_URL'];`],
    ['imports what does', `import { server } from './testing/server.ts';`],
    ['imports it by way of another file', `import { store } from './testing/store.ts';`],
    ['imports it by the name of its package', `import { store } from '@devpulse/one/testing/store';`],
    ['imports it while it runs', `const { store } = await import('./testing/store.ts');`],
    ['starts it as a script', `spawn(node, [fileURLToPath(new URL('testing/store.ts', import.meta.url))]);`],
    ['starts it by a path put together', `spawn(node, [path.join(import.meta.dirname, 'testing', 'store.ts')]);`],
    ['hands it to a program as text', "spawn(node, ['-e', `import { store } from '@devpulse/one/testing/store';`]);"],
    ['names it from the root', `spawn(node, [path.join(ROOT, "packages/one/src/testing/store.ts")]);`],
  ])('holds a test for bound that %s', (_how, text) => {
    plant(root, { 'packages/one/src/planted.test.ts': text });
    expect(findUnboundTests(root)).toEqual([]);
  });

  it('gives the tests from which no way leads there', () => {
    plant(root, {
      'packages/one/src/pure.test.ts': `import { pure } from './pure.ts';`,
      'packages/two/src/view.test.tsx': `import { pure } from '@devpulse/one/pure';`,
      // The same name as one that leads there, imported from where it lies.
      'packages/two/src/store.ts': 'export const store = 1;',
      'packages/two/src/shelf.test.ts': `import { store } from './store.ts';`,
      'packages/two/src/bound.test.ts': `import { store } from '@devpulse/one/testing/store';`,
    });
    expect(findUnboundTests(root)).toEqual([
      'packages/one/src/pure.test.ts',
      'packages/two/src/shelf.test.ts',
      'packages/two/src/view.test.tsx',
    ]);
  });

  it('gives of this tree some, but none that names a server or opens a store', () => {
    const unbound = findUnboundTests();
    const all = globSync('{apps,packages,connectors,metrics,widgets,bench}/*/**/*.test.{ts,tsx}', {
      cwd: ROOT,
      exclude: (name) => name.split('/').includes('node_modules'),
    });
    const marks = [...SERVER_VARIABLES, 'createTestStore', 'createTestDatabase', 'openTestApi', 'makeSurroundings'];
    const near = all.filter((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return marks.some((mark) => text.includes(mark));
    });
    expect(near.length).toBeGreaterThan(50);
    expect(near.filter((file) => unbound.includes(file))).toEqual([]);
    expect(unbound).toContain('packages/db/src/ids.test.ts');
  });
});

describe('tellByFolder', () => {
  it('names files by their folder', () => {
    expect(tellByFolder(['a/b/one.test.ts', 'a/b/two.test.tsx', 'c/three.test.ts'])).toBe(
      '  a/b: one, two\n  c: three',
    );
  });
});
