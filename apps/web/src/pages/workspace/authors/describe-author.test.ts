import { describe, expect, it } from 'vitest';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import { describeKind, describeOwner, describeTrace, nameAuthor } from './describe-author.ts';

const ada: ListedIdentity = {
  id: '0198c1d2-0000-7000-8000-000000000001',
  source: 'git',
  email: 'ada@example.org',
  login: null,
  name: 'Ada',
  kind: 'person',
  kindSignal: 'no rule names it',
  kindDecided: false,
  personId: '0198c1d2-0000-7000-8000-000000000001',
  linked: false,
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  lastSeenAt: '2026-01-01T00:00:00.000Z',
  person: { id: '0198c1d2-0000-7000-8000-000000000001', name: 'Ada', avatar: null, isMember: false },
  proof: null,
};
const onGithub: ListedIdentity = { ...ada, source: 'github', login: 'ada', email: null, name: null };

describe('an author in words', () => {
  it('says by what a source knows them', () => {
    expect([nameAuthor(ada), describeTrace(ada)]).toEqual(['Ada', 'ada@example.org in git']);
    expect([nameAuthor(onGithub), describeTrace({ ...onGithub, name: 'Ada' })]).toEqual(['@ada', '@ada on GitHub']);
    expect(describeTrace(onGithub)).toBe('on GitHub');
    expect(nameAuthor({ name: null, login: null, email: 'x@example.org' })).toBe('x@example.org');
  });

  it('says of machines what said so, without the words of the store', () => {
    expect(describeKind(ada)).toBeNull();
    const bot = { ...onGithub, kind: 'automation' as const, kindSignal: 'source_kind is like "bot": GitHub says so' };
    expect(describeKind(bot)).toBe('Automation: the account’s type is like "bot": GitHub says so');
    const decided = { ...ada, kindDecided: true, kindSignal: 'decided: I know her' };
    expect(describeKind(decided)).toBe('Person: somebody decided, “I know her”');
  });

  it('says whose it is, and by what that is known', () => {
    expect(describeOwner(ada, 'me')).toBeNull();
    const person = { id: 'p', name: 'Ada Lovelace', avatar: null };
    expect(describeOwner({ ...ada, person: { ...person, isMember: false } }, 'me')).toBe(
      'Together with Ada Lovelace, who is no member',
    );
    const member = { ...ada, person: { ...person, isMember: true } };
    expect(describeOwner(member, 'me')).toBe('Ada Lovelace');
    const proof = { batchId: 'b', words: 'signed in with GitHub as ada', provenAt: '2026-01-01T00:00:00.000Z' };
    expect(describeOwner({ ...member, proof }, 'p')).toBe('You, signed in with GitHub as ada');
    expect(describeOwner({ ...member, kind: 'agent' }, 'me')).toBeNull();
  });
});
