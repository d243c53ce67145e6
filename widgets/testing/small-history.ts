import type { CommitFact, Fact, IdentityRef } from '@devpulse/contract/facts';

const ada = { name: 'Ada', email: 'ada@example.org' };
const grace = { name: 'Grace', email: 'grace@example.org' };
const bot = { name: 'renovate[bot]', email: 'bot@example.org' };

/** The natural key of the one whose tiles are looked at; `grace` is a colleague. */
export const adaKey = 'email:ada@example.org';

/** Days of this history are cut in Tokyo, nine hours before UTC, without any change of clocks. */
export const smallZone = 'Asia/Tokyo';
/** A Wednesday afternoon in Tokyo. */
export const smallNow = new Date('2026-03-11T15:00:00+09:00');

interface Told {
  at: string;
  by: IdentityRef;
  in: string;
  path: string;
  lines: [added: number, removed: number] | null;
}

// Weekdays: 23 February, 2 and 9 March 2026 are Mondays.
const commits: readonly Told[] = [
  { at: '2025-12-01 10:00', by: ada, in: 'engine', path: 'src/a.ts', lines: [100, 0] },
  { at: '2026-02-23 09:15', by: ada, in: 'engine', path: 'src/a.ts', lines: [10, 2] },
  { at: '2026-02-24 09:45', by: ada, in: 'notes', path: 'n.md', lines: [4, 0] },
  { at: '2026-03-02 14:00', by: ada, in: 'engine', path: 'src/a.ts', lines: [20, 5] },
  { at: '2026-03-03 14:10', by: ada, in: 'engine', path: 'tool.py', lines: [30, 0] },
  { at: '2026-03-04 23:30', by: ada, in: 'notes', path: 'n.md', lines: [0, 4] },
  { at: '2026-03-05 09:00', by: ada, in: 'engine', path: 'src/a.ts', lines: [1, 1] },
  { at: '2026-03-09 09:20', by: ada, in: 'engine', path: 'src/a.ts', lines: [8, 3] },
  { at: '2026-03-10 09:30', by: ada, in: 'engine', path: 'src/a.ts', lines: [2, 2] },
  { at: '2026-03-10 11:00', by: grace, in: 'engine', path: 'src/a.ts', lines: [50, 50] },
  { at: '2026-03-10 12:00', by: bot, in: 'engine', path: 'package.json', lines: [1, 1] },
  { at: '2026-03-10 14:00', by: ada, in: 'notes', path: 'n.md', lines: [6, 1] },
  // Still the 10th in UTC.
  { at: '2026-03-11 00:30', by: ada, in: 'engine', path: 'tool.py', lines: [5, 5] },
];

/** A dozen commits, few enough to count by hand: what the tests of tiles are told. */
export const smallHistory: readonly Fact[] = [
  ...['engine', 'notes'].map(describeRepository),
  ...commits.map(describeCommit),
  ...['engine', 'notes'].map((repository): Fact => {
    const shas = commits.flatMap((commit, index) => (commit.in === repository ? [shaOf(index)] : []));
    return { fact: 'reach', repository, snapshot: 1, reachable: true, shas };
  }),
];

function describeRepository(name: string): Fact {
  return {
    fact: 'repository',
    key: name,
    name,
    url: `https://github.com/test/${name}.git`,
    defaultBranch: 'main',
    state: 'active',
    observedAt: '2026-03-11T05:00:00.000Z',
  };
}

function describeCommit({ at, by, path, lines }: Told, index: number): CommitFact {
  const instant = new Date(`${at.replace(' ', 'T')}:00+09:00`).toISOString();
  const file = { path, previousPath: null, isBinary: false, isSubmodule: false };
  return {
    fact: 'commit',
    sha: shaOf(index),
    author: by,
    authoredAt: instant,
    authoredOffsetMinutes: 540,
    committer: by,
    committedAt: instant,
    committedOffsetMinutes: 540,
    parents: ['a'],
    subject: `change ${index + 1}`,
    coAuthors: [],
    files: lines === null ? null : [{ ...file, additions: lines[0], deletions: lines[1] }],
    fidelity: lines === null ? 20 : 30,
  };
}

function shaOf(index: number): string {
  return (index + 1).toString(16).padStart(40, '0');
}
