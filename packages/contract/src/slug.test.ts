import { describe, expect, it } from 'vitest';
import { faultOfSlug, proposeSlug, slugLengths } from './slug.ts';

describe('faultOfSlug', () => {
  it.each(['ab', 'acme', 'acme-2', '2', 'a'.repeat(slugLengths.most)].filter((slug) => slug.length > 1))(
    'takes %s',
    (slug) => {
      expect(faultOfSlug(slug)).toBeNull();
    },
  );

  it.each([
    'a',
    'a'.repeat(slugLengths.most + 1),
    'Acme',
    '-acme',
    'acme-',
    'ac--me',
    'ac me',
    'ac_me',
    'acmé',
    'ac.me',
    'a/b',
    '',
  ])('refuses "%s"', (slug) => {
    expect(faultOfSlug(slug)).not.toBeNull();
  });

  it.each(['admin', 'api', 'new', 'sign-in', 'devpulse'])('keeps %s for the program', (slug) => {
    expect(faultOfSlug(slug)).toContain('kept');
  });
});

describe('proposeSlug', () => {
  it.each([
    ['Acme Rockets', 'acme-rockets'],
    ['  Café  Zürich! ', 'cafe-zurich'],
    ['Ada’s team', 'adas-team'],
    ['Straße 7', 'strasse-7'],
    ['Admin', 'admin-team'],
    ['东京', ''],
    ['x', 'x-team'],
  ])('makes of %s %s', (name, slug) => {
    expect(proposeSlug(name)).toBe(slug);
  });

  it('never proposes what would be refused', () => {
    const names = [`${'a'.repeat(39)} b`, 'A'.repeat(80), '---', '٣', 'ﬁne print', 'new'];
    const refused = names.map(proposeSlug).filter((slug) => slug !== '' && faultOfSlug(slug) !== null);
    expect(refused).toEqual([]);
  });
});
