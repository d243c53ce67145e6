import type { Commit, FileChange, Repository, Signature, World } from './model.ts';
import { accountByEmail, hashOf, instantOf } from './open-world.ts';

/** A commit as whoever writes it has it in mind. */
export interface NewCommit {
  message?: string;
  author: { name: string; email: string; date?: Date | string };
  committer?: { name: string; email: string; date?: Date | string };
  /** Minutes that the author's clock was ahead of UTC. */
  offset?: number;
  files?: (Partial<FileChange> & { path: string })[];
  parents?: string[];
}

/** Makes a commit and puts it into the repository; its id is git's own hash of it, so the same commit has the same id anywhere. */
export function makeCommit(world: World, repository: Repository, parents: string[], input: NewCommit): Commit {
  const author = signatureOf(world, input.author, input.offset ?? 0);
  const committer = signatureOf(world, input.committer ?? input.author, input.offset ?? 0);
  const files = (input.files ?? [{ path: `src/${hashOf(input.message ?? '').slice(0, 6)}.ts` }]).map(fileOf);
  const message = input.message ?? 'Change something';
  const tree = hashOf(`tree ${parents.join(' ')} ${JSON.stringify(files)}`);
  const content = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${writeSignature(author)}`,
    `committer ${writeSignature(committer)}`,
    '',
    message,
  ].join('\n');
  const sha = hashOf(`commit ${Buffer.byteLength(content)}\0${content}`);
  const commit = { sha, tree, parents, message, author, committer, files };
  repository.commits.set(sha, commit);
  return commit;
}

function signatureOf(world: World, who: NewCommit['author'], offset: number): Signature {
  const date = instantOf(world, who.date);
  return { name: who.name, email: who.email, date, offset, account: accountByEmail(world, who.email) };
}

function fileOf(file: Partial<FileChange> & { path: string }): FileChange {
  return {
    path: file.path,
    previousPath: file.previousPath ?? null,
    status: file.status ?? 'modified',
    additions: file.additions ?? 3,
    deletions: file.deletions ?? 1,
    isBinary: file.isBinary ?? false,
  };
}

function writeSignature({ name, email, date, offset }: Signature): string {
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${name} <${email}> ${Date.parse(date) / 1000} ${offset < 0 ? '-' : '+'}${hours}${minutes}`;
}

export function commitOf(repository: Repository, sha: string): Commit {
  const commit = repository.commits.get(sha);
  if (commit === undefined) throw new Error(`there is no commit ${sha} in ${repository.name}`);
  return commit;
}

/** Every commit that `sha` reaches. */
export function reachOf(repository: Repository, sha: string): Set<string> {
  const reached = new Set<string>();
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...commitOf(repository, next).parents);
  }
  return reached;
}

/** What `head` has and `base` has not, oldest first. */
export function commitsBetween(repository: Repository, base: string, head: string): Commit[] {
  const isMain = repository.branches.get(repository.defaultBranch) === base;
  const known = isMain ? repository.mainReach : reachOf(repository, base);
  const found: Commit[] = [];
  const seen = new Set<string>();
  const open = [head];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next) || known.has(next)) continue;
    seen.add(next);
    const commit = commitOf(repository, next);
    found.push(commit);
    open.push(...commit.parents);
  }
  return inOrder(found);
}

/** Parents before children, the older first. */
function inOrder(commits: Commit[]): Commit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const done = new Set<string>();
  const ordered: Commit[] = [];
  const byDate = commits.toSorted((a, b) => compareTexts(a.committer.date, b.committer.date));
  for (const first of byDate) {
    const stack = [first];
    while (stack.length > 0) {
      const commit = stack.at(-1) as Commit;
      const missing = commit.parents.find((parent) => bySha.has(parent) && !done.has(parent));
      if (missing !== undefined && !done.has(commit.sha)) {
        stack.push(bySha.get(missing) as Commit);
        continue;
      }
      stack.pop();
      if (done.has(commit.sha)) continue;
      done.add(commit.sha);
      ordered.push(commit);
    }
  }
  return ordered;
}

const logs = new WeakMap<Repository, Map<string, Commit[]>>();

/** The log of `sha` as `git log` orders it: by the committer's date, a child never after its parent. */
export function logOf(repository: Repository, sha: string): Commit[] {
  const kept = logs.get(repository) ?? new Map<string, Commit[]>();
  logs.set(repository, kept);
  const known = kept.get(sha);
  if (known !== undefined) return known;
  const reached = [...reachOf(repository, sha)].map((one) => commitOf(repository, one));
  const ordered = inOrder(reached).toReversed();
  // Only heads are asked for, page by page: a few are enough.
  if (kept.size >= 8) kept.clear();
  kept.set(sha, ordered);
  return ordered;
}

/** Moves a branch; answers whether what it held before is reached no more. */
export function moveBranch(
  repository: Repository,
  branch: string,
  sha: string,
): { before: string | null; forced: boolean } {
  const before = repository.branches.get(branch) ?? null;
  const isMain = branch === repository.defaultBranch;
  const fresh = commitsSince(repository, before, sha);
  const forced = before !== null && before !== sha && !fresh.touches(before) && !reachOf(repository, sha).has(before);
  repository.branches.set(branch, sha);
  if (isMain) {
    if (forced) repository.mainReach = reachOf(repository, sha);
    else for (const one of fresh.found) repository.mainReach.add(one);
  }
  return { before, forced };
}

function commitsSince(repository: Repository, before: string | null, sha: string) {
  const found = new Set<string>();
  const edges = new Set<string>([sha]);
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || next === before || repository.mainReach.has(next)) continue;
    found.add(next);
    for (const parent of commitOf(repository, next).parents) {
      edges.add(parent);
      open.push(parent);
    }
  }
  return { found, touches: (one: string) => edges.has(one) };
}

/** A branch, a tag or a commit by name; undefined where there is none. */
export function resolveRef(repository: Repository, name: string): string | undefined {
  const short = name.replace(/^refs\//, '').replace(/^(?:heads|tags)\//, '');
  const byName = repository.branches.get(short) ?? repository.tags.get(short);
  if (byName !== undefined) return byName;
  if (repository.commits.has(name)) return name;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined;
  return [...repository.commits.keys()].find((sha) => sha.startsWith(name));
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What several commits did together, file by file. */
export function filesOf(commits: readonly Commit[]): FileChange[] {
  const byPath = new Map<string, FileChange>();
  for (const file of commits.flatMap((commit) => commit.files)) {
    const known = byPath.get(file.path) ?? (file.previousPath === null ? undefined : byPath.get(file.previousPath));
    if (known !== undefined) byPath.delete(known.path);
    byPath.set(file.path, known === undefined ? { ...file } : together(known, file));
  }
  return [...byPath.values()].toSorted((a, b) => compareTexts(a.path, b.path));
}

function together(first: FileChange, second: FileChange): FileChange {
  return {
    ...second,
    previousPath: first.previousPath ?? second.previousPath,
    status: first.status === 'added' ? 'added' : second.status,
    additions: first.additions + second.additions,
    deletions: first.deletions + second.deletions,
  };
}
