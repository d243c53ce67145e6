import { stableId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';

/** Who does something in the golden facts. `ada-at-work` was joined with `ada`: one person, two identities. */
const identities = {
  ada: { kind: 'person', person: 'ada' },
  'ada-at-work': { kind: 'person', person: 'ada' },
  grace: { kind: 'person', person: 'grace' },
  linus: { kind: 'person', person: 'linus' },
  renovate: { kind: 'automation', person: null },
  copilot: { kind: 'agent', person: null },
} as const;
export type GoldenIdentity = keyof typeof identities;

const repositories = ['engine', 'copy-of-engine', 'notes'] as const;
export type GoldenRepository = (typeof repositories)[number];

interface GoldenFile {
  path: string;
  lines: [added: number, removed: number];
  language?: string;
  leftOut?: string;
}

interface GoldenCommit {
  sha: string;
  /** The author's instant with offset. */
  at: string;
  by: GoldenIdentity;
  with?: GoldenIdentity[];
  in: GoldenRepository[];
  /** Where it could be reached once, but can no longer. */
  goneFrom?: GoldenRepository[];
  isMerge?: boolean;
  /** `null`: the source cannot know them. */
  files: GoldenFile[] | null;
}

/** Hand-made commits, each for an edge case that its sha names. */
const goldenCommits: readonly GoldenCommit[] = [
  {
    sha: 'in-two-repositories',
    at: '2026-03-01T10:15:00Z',
    by: 'ada',
    in: ['engine', 'copy-of-engine'],
    files: [
      { path: 'src/main.ts', lines: [10, 2], language: 'TypeScript' },
      { path: 'package-lock.json', lines: [500, 100], language: 'JSON', leftOut: 'lockfile' },
    ],
  },
  {
    // Sunday 23:30 in Los Angeles, Monday in UTC.
    sha: 'pair-and-agent',
    at: '2026-03-01T23:30:00-08:00',
    by: 'ada-at-work',
    with: ['grace', 'copilot'],
    in: ['engine'],
    files: [
      { path: 'tool.py', lines: [7, 0], language: 'Python' },
      { path: 'NOTES', lines: [3, 1] },
    ],
  },
  {
    sha: 'by-bot',
    at: '2026-03-03T04:00:00Z',
    by: 'renovate',
    in: ['engine'],
    files: [{ path: 'package.json', lines: [1, 1], language: 'JSON' }],
  },
  { sha: 'merge', at: '2026-03-03T09:00:00Z', by: 'grace', in: ['engine'], isMerge: true, files: [] },
  {
    sha: 'nothing-counts',
    at: '2026-03-04T18:00:00Z',
    by: 'grace',
    in: ['engine'],
    files: [
      { path: 'vendor/x.js', lines: [20, 0], language: 'JavaScript', leftOut: 'vendored' },
      { path: 'logo.png', lines: [0, 0], leftOut: 'binary' },
    ],
  },
  {
    sha: 'rename-only',
    at: '2026-03-05T22:00:00Z',
    by: 'grace',
    in: ['notes'],
    files: [{ path: 'b.md', lines: [0, 0] }],
  },
  { sha: 'cut-edge', at: '2026-03-06T05:59:59Z', by: 'ada', in: ['notes'], files: null },
  {
    sha: 'agent-with-person',
    at: '2026-03-07T12:00:00Z',
    by: 'copilot',
    with: ['ada'],
    in: ['engine'],
    files: [{ path: 'agent.ts', lines: [5, 0], language: 'TypeScript' }],
  },
  {
    sha: 'same-person-twice',
    at: '2026-03-08T23:59:59Z',
    by: 'ada',
    with: ['ada-at-work'],
    in: ['notes'],
    files: [{ path: 'old.md', lines: [0, 4], language: 'Markdown' }],
  },
  {
    sha: 'rewritten-away',
    at: '2026-03-08T08:00:00Z',
    by: 'ada',
    in: [],
    goneFrom: ['engine'],
    files: [{ path: 'lost.ts', lines: [99, 9], language: 'TypeScript' }],
  },
];

const baseline = 5;

/** The id of a golden identity in a workspace. */
function goldenIdentity(workspaceId: string, name: GoldenIdentity): string {
  return stableId('golden identity', workspaceId, name);
}

/** The person behind a golden identity; null for automation and agents. */
export function goldenPerson(workspaceId: string, name: GoldenIdentity): string | null {
  const { person } = identities[name];
  return person === null ? null : goldenIdentity(workspaceId, person);
}

/** The id of a golden repository in a workspace. */
export function goldenRepository(workspaceId: string, name: GoldenRepository): string {
  return stableId('golden repository', workspaceId, name);
}

/** Writes the golden facts into a workspace, as the pipeline would have left them. Marks nothing stale. */
export async function writeGoldenFacts(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await writeIdentities(trx, workspaceId);
  await trx
    .insertInto('fact_repositories')
    .values(
      repositories.map((name) => ({
        workspace_id: workspaceId,
        id: goldenRepository(workspaceId, name),
        source: 'git',
        external_key: name,
        name,
        url: null,
        default_branch: 'main',
        state: 'active' as const,
        observed_at: new Date('2026-03-31T00:00:00Z'),
        content_hash: '',
        reach_baseline: baseline,
      })),
    )
    .execute();
  for (const commit of goldenCommits) await writeCommit(trx, workspaceId, commit);
}

async function writeIdentities(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  const names = Object.keys(identities) as GoldenIdentity[];
  await trx
    .insertInto('fact_identities')
    .values(
      names.map((name) => ({
        workspace_id: workspaceId,
        id: goldenIdentity(workspaceId, name),
        source: 'git',
        external_key: `${name}@example.org`,
        email: `${name}@example.org`,
        login: null,
        name,
        source_kind: null,
        named_at: new Date('2026-03-01T00:00:00Z'),
        first_seen_at: new Date('2026-03-01T00:00:00Z'),
        last_seen_at: new Date('2026-03-31T00:00:00Z'),
        kind: identities[name].kind,
        kind_signal: 'golden facts',
      })),
    )
    .execute();
  await trx
    .insertInto('people_links')
    .values({
      workspace_id: workspaceId,
      identity_id: goldenIdentity(workspaceId, 'ada-at-work'),
      person_id: goldenIdentity(workspaceId, 'ada'),
      reason: 'golden facts',
      decided_by: null,
    })
    .execute();
}

async function writeCommit(trx: WorkspaceTransaction, workspaceId: string, commit: GoldenCommit): Promise<void> {
  const key = { workspace_id: workspaceId, sha: commit.sha };
  const author = goldenIdentity(workspaceId, commit.by);
  const row = {
    ...key,
    author_id: author,
    authored_at: new Date(commit.at),
    authored_offset_minutes: 0,
    committer_id: author,
    committed_at: new Date(commit.at),
    committed_offset_minutes: 0,
    parents: commit.isMerge === true ? ['a', 'b'] : ['a'],
    is_merge: commit.isMerge === true,
    subject: commit.sha,
    files_changed: commit.files?.length ?? null,
    fidelity: commit.files === null ? 20 : 30,
    content_hash: commit.sha,
  };
  await trx.insertInto('fact_commits').values(row).execute();
  const credits = [
    { identity_id: author, role: 'author' as const },
    ...(commit.with ?? []).map((name) => ({
      identity_id: goldenIdentity(workspaceId, name),
      role: 'co_author' as const,
    })),
  ];
  await trx
    .insertInto('fact_commit_credits')
    .values(credits.map((credit) => ({ ...key, ...credit, authored_at: new Date(commit.at) })))
    .execute();
  await writeFiles(trx, key, commit.files ?? []);
  await writeReach(trx, workspaceId, commit);
}

async function writeFiles(
  trx: WorkspaceTransaction,
  key: { workspace_id: string; sha: string },
  files: readonly GoldenFile[],
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map(({ path, lines: [additions, deletions], language, leftOut }) => ({
    ...key,
    path,
    previous_path: null,
    additions,
    deletions,
    language: language ?? null,
    left_out: leftOut ?? null,
  }));
  await trx.insertInto('fact_commit_files').values(rows).execute();
}

async function writeReach(trx: WorkspaceTransaction, workspaceId: string, commit: GoldenCommit): Promise<void> {
  const reach = (name: GoldenRepository, snapshot: number, reachable: boolean) => ({
    workspace_id: workspaceId,
    repository_id: goldenRepository(workspaceId, name),
    sha: commit.sha,
    snapshot,
    reachable,
  });
  const rows = [
    ...commit.in.map((name) => reach(name, baseline, true)),
    // Confirmed by an older look only, which a complete look has overtaken.
    ...(commit.goneFrom ?? []).map((name) => reach(name, baseline - 1, true)),
  ];
  await trx.insertInto('fact_commit_reach').values(rows).execute();
}
