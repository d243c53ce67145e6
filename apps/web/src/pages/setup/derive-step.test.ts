import type { AuthorList, SourceList } from '@devpulse/contract/wire/sources';
import { describe, expect, it } from 'vitest';
import { deriveStep, type SetupFacts } from './derive-step.ts';

const none: SourceList = { sources: [], withheld: 0, work: { pendingEvents: 0, pendingDays: 0, commits: 0 } };
const nobody: AuthorList = { suggested: [], authors: [], truncated: false };

function makeSources(
  state: SourceList['sources'][number]['state'],
  work: Partial<SourceList['work']> = {},
): SourceList {
  const source = {
    id: 's',
    connector: 'git',
    name: 'repo',
    place: '/repo',
    state,
    progress: null,
    lastCheckedAt: null,
    lastError: null,
    connectionId: null,
    choices: null,
    monitor: {
      everySeconds: 300,
      wishedSeconds: null,
      nextLookAt: '2026-01-01T00:00:00Z',
      waitingUntil: null,
      failures: 0,
      lastEventAt: null,
      lastReconciledAt: null,
    },
    plan: null,
  };
  return { sources: [source], withheld: 0, work: { ...none.work, ...work } };
}

function makeAuthors(mine: boolean): AuthorList {
  const author = {
    identityId: 'i',
    name: 'Ada',
    email: 'ada@example.org',
    commits: 3,
    lastSeenAt: '2026-01-01T00:00:00Z',
    mine,
  };
  return { ...nobody, authors: [author] };
}

const signedIn: SetupFacts = {
  session: { state: 'signed_in' },
  sources: none,
  authors: nobody,
  demo: { state: 'absent' },
};

describe('deriveStep', () => {
  it('begins with the person, whether nobody owns the instance or the password is lost', () => {
    expect(deriveStep({ ...signedIn, session: { state: 'needs_setup' } })).toBe('you');
    expect(deriveStep({ ...signedIn, session: { state: 'signed_out' } })).toBe('you');
  });

  it('waits for the server rather than guessing', () => {
    expect(deriveStep({ ...signedIn, sources: undefined })).toBe('asking');
    expect(deriveStep({ ...signedIn, sources: makeSources('ok', { commits: 3 }), authors: undefined })).toBe('asking');
  });

  it('asks for a source while there is none', () => {
    expect(deriveStep(signedIn)).toBe('source');
  });

  it('goes on with reading after a reload in the middle of it', () => {
    expect(deriveStep({ ...signedIn, sources: makeSources('reading') })).toBe('reading');
    expect(deriveStep({ ...signedIn, sources: makeSources('ok', { pendingEvents: 5 }) })).toBe('reading');
    expect(deriveStep({ ...signedIn, demo: { state: 'making' } })).toBe('reading');
  });

  it('asks who is who as soon as somebody is known, also while reading goes on', () => {
    expect(
      deriveStep({ ...signedIn, sources: makeSources('reading', { commits: 3 }), authors: makeAuthors(false) }),
    ).toBe('authors');
  });

  it('goes back to the sources when reading failed and nobody was found', () => {
    expect(deriveStep({ ...signedIn, sources: makeSources('failed') })).toBe('source');
  });

  it('is done once one of the authors is the person', () => {
    expect(deriveStep({ ...signedIn, sources: makeSources('ok', { commits: 3 }), authors: makeAuthors(true) })).toBe(
      'done',
    );
  });
});
