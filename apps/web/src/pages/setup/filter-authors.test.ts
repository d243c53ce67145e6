import { describe, expect, it } from 'vitest';
import { filterAuthors } from './filter-authors.ts';

function author(name: string, email: string) {
  return { identityId: name, name, email, commits: 1, lastSeenAt: '2026-01-01T00:00:00Z', mine: false };
}

const all = [
  author('Zoë Quinn', 'zoe@example.org'),
  author('Ada Byron', 'ada@example.org'),
  author('Adam West', 'west@example.com'),
];

describe('filterAuthors', () => {
  it('puts first what git itself suggests', () => {
    expect(filterAuthors(all, '', ({ name }) => name === 'Adam West').map(({ name }) => name)).toEqual([
      'Adam West',
      'Zoë Quinn',
      'Ada Byron',
    ]);
  });

  it('finds by any part of name and address, without accents and capitals', () => {
    const find = (text: string) => filterAuthors(all, text, () => false).map(({ name }) => name);
    expect(find('ZOE')).toEqual(['Zoë Quinn']);
    expect(find('ada org')).toEqual(['Ada Byron']);
    expect(find('nobody')).toEqual([]);
  });
});
