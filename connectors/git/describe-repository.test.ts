import { describe, expect, it } from 'vitest';
import { repositoryKey, repositoryName, stripCredentials } from './describe-repository.ts';

describe('stripCredentials', () => {
  it.each([
    ['https://github.com/a/b.git', 'https://github.com/a/b.git'],
    ['https://user:secret@github.com/a/b.git', 'https://github.com/a/b.git'],
    ['https://ghp_token@github.com/a/b', 'https://github.com/a/b'],
    ['https://u:p@ss@host.example/a', 'https://host.example/a'],
    ['https://host.example/a?private_token=secret#x', 'https://host.example/a'],
    ['HTTP://u:p@Host.example:8080/a', 'HTTP://Host.example:8080/a'],
    ['ssh://git:secret@host.example:22/a/b', 'ssh://git@host.example:22/a/b'],
    ['git@github.com:a/b.git', 'git@github.com:a/b.git'],
    ['/srv/git/b.git', '/srv/git/b.git'],
    ['../b', '../b'],
    ['file:///srv/b', 'file:///srv/b'],
    ['ext::sh -c secret', null],
    ['', null],
    ['  ', null],
  ])('%s becomes %s', (address, expected) => {
    expect(stripCredentials(address)).toBe(expected);
  });
});

describe('repositoryName', () => {
  it.each([
    ['/home/ada/project/.git', 'project'],
    ['/srv/project.git', 'project'],
    ['/srv/project', 'project'],
    ['/home/ada/project/.bare', 'project'],
    ['/home/ada/project/.git/modules/lib', 'lib'],
    ['/.git', '/'],
  ])('of %s is %s', (commonDir, name) => {
    expect(repositoryName(commonDir)).toBe(name);
  });
});

describe('repositoryKey', () => {
  it('is the path, or a fingerprint of a path that would not fit into a key', () => {
    expect(repositoryKey('/srv/project.git')).toBe('path:/srv/project.git');
    const long = repositoryKey(`/${'x'.repeat(4000)}`);
    expect(long).toMatch(/^path-sha256:[0-9a-f]{64}$/);
    expect(repositoryKey(`/${'x'.repeat(4001)}`)).not.toBe(long);
  });
});
