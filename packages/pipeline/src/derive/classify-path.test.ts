import { describe, expect, it } from 'vitest';
import { classifyPath } from './classify-path.ts';
import { leftOutRules } from './path-rules.ts';

describe('classifyPath', () => {
  it.each([
    ['src/main.ts', 'TypeScript', null],
    ['MAIN.TS', 'TypeScript', null],
    ['a/b.test.tsx', 'TypeScript', null],
    ['Makefile', 'Makefile', null],
    ['docker/Dockerfile', 'Dockerfile', null],
    ['CMakeLists.txt', 'CMake', null],
    ['notes.txt', 'Text', null],
    ['.gitignore', null, null],
    ['.ts', null, null],
    ['no-extension', null, null],
    ['archive.tar.unknownthing', null, null],
    ['src/constructor', null, null],
    ['src/a.constructor', null, null],
    ['src/a.__proto__', null, null],
    ['toString', null, null],
    ['ends-with-dot.', null, null],
    ['', null, null],
  ])('reads the language of %j as %j', (path, language, leftOut) => {
    expect(classifyPath(path)).toEqual({ language, leftOut });
  });

  it.each([
    ['package-lock.json', 'lockfile'],
    ['web/yarn.lock', 'lockfile'],
    ['Cargo.lock', 'lockfile'],
    ['go.sum', 'lockfile'],
    ['my-package-lock.json', null],
    ['package-lock.json.ts', null],
    ['src/lock.ts', null],
    ['node_modules/a/index.js', 'vendored'],
    ['a/vendor/b.go', 'vendored'],
    ['third_party/x.c', 'vendored'],
    ['third-party/x.c', 'vendored'],
    ['.yarn/releases/yarn.cjs', 'vendored'],
    ['.yarn/patches/a.patch', null],
    ['vendor', null],
    ['vendor.ts', null],
    ['src/vendors.ts', null],
    ['my_vendor/a.ts', null],
    ['a/__snapshots__/b.ts.snap', 'snapshot'],
    ['b.snap', 'snapshot'],
    ['b.snapshot.ts', null],
    ['dist/app.js', 'generated'],
    ['src/generated/a.ts', 'generated'],
    ['src/__generated__/a.ts', 'generated'],
    ['lib/jquery.min.js', 'generated'],
    ['lib/JQUERY.MIN.JS', 'generated'],
    ['app.js.map', 'generated'],
    ['api.pb.go', 'generated'],
    ['api_pb2.py', 'generated'],
    ['api_pb2_grpc.pyi', 'generated'],
    ['api_pb2.py.md', null],
    ['registry.gen.ts', 'generated'],
    ['regenerated.ts', null],
    ['src/distance/a.ts', null],
    ['docs/sitemap.ts', null],
  ])('leaves out %j as %j', (path, leftOut) => {
    expect(classifyPath(path).leftOut).toBe(leftOut);
  });

  it('takes the first rule of several, and knows no reason without words', () => {
    expect(classifyPath('node_modules/a/package-lock.json').leftOut).toBe('lockfile');
    expect(classifyPath('vendor/dist/a.min.js').leftOut).toBe('vendored');
    expect(leftOutRules.filter((rule) => rule.words === '')).toEqual([]);
  });

  it('needs no more than a moment for the longest and oddest paths', () => {
    for (const piece of ['/', 'a/', 'vendor', 'dist/'.repeat(3), '.min', '__', '\n']) {
      const path = piece.repeat(100_000);
      expect(typeof classifyPath(path).leftOut).toMatch(/string|object/);
    }
  });
});
