import { describe, expect, it } from 'vitest';
import { linkToCommit } from './link-to-commit.ts';

const sha = 'a1'.repeat(20);

describe('linkToCommit', () => {
  it.each([
    ['https://github.com/ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['https://github.com/ada/engine', 'https://github.com/ada/engine/commit/'],
    ['https://github.com/ada/engine/', 'https://github.com/ada/engine/commit/'],
    ['https://github.com/ada/engine.git/', 'https://github.com/ada/engine/commit/'],
    ['https://GitHub.com:443/ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['HTTPS://github.com/ada/engine', 'https://github.com/ada/engine/commit/'],
    ['https://ada:secret@github.com/ada/engine', 'https://github.com/ada/engine/commit/'],
    ['git@github.com:ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['github.com:ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['git@github.com:123/engine.git', 'https://github.com/123/engine/commit/'],
    ['ssh://git@github.com/ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['ssh://git@github.com:22/ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['git://github.com/ada/engine.git', 'https://github.com/ada/engine/commit/'],
    ['https://github.com/ada/.github', 'https://github.com/ada/.github/commit/'],
    ['https://github.com/ada/engine.git.git', 'https://github.com/ada/engine.git/commit/'],
    ['https://gitlab.com/group/sub/engine.git', 'https://gitlab.com/group/sub/engine/-/commit/'],
    ['git@codeberg.org:ada/engine.git', 'https://codeberg.org/ada/engine/commit/'],
    ['git@bitbucket.org:ada/engine.git', 'https://bitbucket.org/ada/engine/commits/'],
  ])('knows the page of a commit of %s', (remote, page) => {
    expect(linkToCommit(remote, sha)).toBe(`${page}${sha}`);
  });

  it.each([
    null,
    '',
    '/home/ada/engine',
    '../engine',
    'file:///home/ada/engine',
    'C:\\work\\engine',
    'https://example.org/ada/engine.git',
    'https://github.com.evil.example/ada/engine',
    'https://github.com@evil.example/ada/engine',
    'https://evil.example/github.com/ada/engine',
    'https://evil.example:github.com/ada/engine',
    'https://evil.example#github.com/ada/engine',
    'evil.example:github.com/ada/engine',
    'javascript:alert(1)//github.com/ada/engine',
    'javascript://github.com/ada/engine',
    'data:text/html,github.com/ada/engine',
    'https://github.com/',
    'https://github.com/ada',
    'https://github.com//ada/engine',
    'https://github.com/ada/../engine',
    'https://github.com/./ada',
    'https://github.com/../../engine',
    'https://github.com/ada/engine?x=1',
    'https://github.com/ada/engine#x',
    'https://github.com/ada/%2e%2e/engine',
    'https://github.com/ada/en gine',
    'https://github.com/ada/"><script>',
    'https://github.com/ada/engine\njavascript:alert(1)',
    'https://github.com\\@evil.example/ada/engine',
    'git@github.com:/ada/engine',
    'github.com/ada/engine',
    'constructor:ada/engine',
  ])('gives no link for %j', (remote) => {
    expect(linkToCommit(remote, sha)).toBeNull();
  });

  it.each(['', 'main', 'a1', `${sha}g`, `${sha} `, `${sha}/../x`, 'A1'.repeat(20), 'a'.repeat(65)])(
    'gives no link for the commit %j',
    (notASha) => {
      expect(linkToCommit('https://github.com/ada/engine', notASha)).toBeNull();
    },
  );

  it('leads nowhere else than to the hosts it knows, however long and odd the address', () => {
    const pieces = [
      'https://',
      'git@',
      'github.com',
      ':',
      '/',
      'a',
      '.git',
      '..',
      '@',
      '//',
      '\u202e',
      '\u0000',
      '%2f',
      '443',
    ];
    for (let seed = 0; seed < 5000; seed += 1) {
      const remote = Array.from(
        { length: 3 + (seed % 6) },
        (_, step) => pieces[(seed * 31 + step * step * 7 + step) % pieces.length],
      ).join('');
      const link = linkToCommit(remote, sha);
      expect(link === null || new URL(link).host === 'github.com', remote).toBe(true);
    }
    expect(linkToCommit(`https://github.com/${'a/'.repeat(200_000)}`, sha)).toMatch(/^https:/);
    expect(linkToCommit('@'.repeat(200_000), sha)).toBeNull();
    expect(linkToCommit(`https://${'a@'.repeat(200_000)}`, sha)).toBeNull();
  });
});
