import type { Fact, IdentityRef } from '@devpulse/contract/facts';

/** The repository of these stories. */
export const forge = 'github.com/1';

export const ada: IdentityRef = { externalId: '1', login: 'ada' };
export const bob: IdentityRef = { externalId: '2', login: 'bob' };
export const robot: IdentityRef = { externalId: '4', login: 'robot[bot]', sourceKind: 'Bot' };

type Told<Name extends Fact['fact']> = Extract<Fact, { fact: Name }>;

/** A commit id that begins with this text. */
export const shaOf = (text: string): string => text.padEnd(40, '0');

/** A pull request that Ada opened on the first of May. */
export function pullOf(changes: Partial<Told<'pull-request'>> = {}): Told<'pull-request'> {
  const updatedAt = changes.updatedAt ?? '2026-05-01T10:00:00.000Z';
  return {
    fact: 'pull-request',
    repository: forge,
    number: 1,
    title: 'A change',
    url: null,
    author: ada,
    state: 'open',
    isDraft: false,
    createdAt: '2026-05-01T10:00:00.000Z',
    updatedAt,
    seenAt: updatedAt,
    closedAt: null,
    mergedAt: null,
    mergeCommit: null,
    baseBranch: 'main',
    headBranch: 'feature',
    headSha: shaOf('aa'),
    headRepository: forge,
    labels: [],
    marks: [],
    ...changes,
  };
}

/** The same, merged at an instant. */
export function mergedOf(at: string, changes: Partial<Told<'pull-request'>> = {}): Told<'pull-request'> {
  return pullOf({ state: 'merged', mergedAt: at, closedAt: at, updatedAt: at, mergeCommit: shaOf('99'), ...changes });
}

export function reviewOf(changes: Partial<Told<'review'>> = {}): Told<'review'> {
  return {
    fact: 'review',
    repository: forge,
    number: 1,
    id: '11',
    reviewer: bob,
    said: 'approved',
    submittedAt: '2026-05-02T10:00:00.000Z',
    commit: shaOf('aa'),
    ...changes,
  };
}

export function momentOf(changes: Partial<Told<'moment'>> = {}): Told<'moment'> {
  return {
    fact: 'moment',
    repository: forge,
    number: 1,
    kind: 'ready',
    at: '2026-05-01T12:00:00.000Z',
    actor: ada,
    subject: '',
    ...changes,
  };
}

export function timelineOf(asOf: string, moments: Told<'timeline'>['moments']): Told<'timeline'> {
  return { fact: 'timeline', repository: forge, number: 1, asOf, seenAt: asOf, moments };
}

/** The commits of the pull request at a head. */
export function listOf(head: string, shas: readonly string[], isWhole = true): Told<'pull-commits'> {
  return { fact: 'pull-commits', repository: forge, number: 1, head, isWhole, commits: [...shas] };
}

/** A commit that no file is known of. */
export function commitAt(sha: string, authoredAt: string, changes: Partial<Told<'commit'>> = {}): Told<'commit'> {
  return {
    fact: 'commit',
    sha,
    author: ada,
    authoredAt,
    authoredOffsetMinutes: 0,
    committer: ada,
    committedAt: authoredAt,
    committedOffsetMinutes: 0,
    parents: ['p'],
    subject: 'work',
    coAuthors: [],
    files: [],
    fidelity: 25,
    ...changes,
  };
}
