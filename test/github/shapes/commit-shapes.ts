import type { Commit, FileChange, Repository, Signature, World } from '../world/model.ts';
import { nodeId, userOrNull } from './account-shapes.ts';
import { pageOf, repositoryUrl } from './repository-shapes.ts';

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

export function commitShape(world: World, repository: Repository, commit: Commit) {
  const url = `${repositoryUrl(world, repository)}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: signatureShape(commit.author),
      committer: signatureShape(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${repositoryUrl(world, repository)}/git/trees/${commit.tree}` },
      url: `${repositoryUrl(world, repository)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${pageOf(world, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: userOrNull(world, commit.author.account),
    committer: userOrNull(world, commit.committer.account),
    parents: commit.parents.map((sha) => parentShape(world, repository, sha)),
  };
}

function parentShape(world: World, repository: Repository, sha: string) {
  return {
    sha,
    url: `${repositoryUrl(world, repository)}/commits/${sha}`,
    html_url: `${pageOf(world, repository)}/commit/${sha}`,
  };
}

function signatureShape({ name, email, date }: Signature) {
  return { name, email, date };
}

/** One commit with what it changed, which lists do not say. */
export function wholeCommitShape(world: World, repository: Repository, commit: Commit) {
  const additions = commit.files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = commit.files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitShape(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: commit.files.map((file) => fileShape(world, repository, file, commit.sha)),
  };
}

export function fileShape(world: World, repository: Repository, file: FileChange, sha: string) {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${pageOf(world, repository)}/blob/${sha}/${path}`,
    raw_url: `${pageOf(world, repository)}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${sha}`,
    // What is not text has no lines to show.
    ...(file.isBinary ? {} : { patch: `@@ -1,${file.deletions} +1,${file.additions} @@` }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

/** A commit within a timeline. */
export function committedShape(world: World, repository: Repository, commit: Commit) {
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${repositoryUrl(world, repository)}/git/commits/${commit.sha}`,
    html_url: `${pageOf(world, repository)}/commit/${commit.sha}`,
    author: signatureShape(commit.author),
    committer: signatureShape(commit.committer),
    tree: { sha: commit.tree, url: `${repositoryUrl(world, repository)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => parentShape(world, repository, sha)),
    verification: unsigned,
    event: 'committed',
  };
}

/** A commit as a push tells it: dated by the author's own clock. */
export function pushedCommitShape(world: World, repository: Repository, commit: Commit, isNew: boolean) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: isNew,
    message: commit.message,
    timestamp: localTime(commit.author),
    url: `${pageOf(world, repository)}/commit/${commit.sha}`,
    author: whoShape(commit.author),
    committer: whoShape(commit.committer),
    added: pathsOf(commit, 'added'),
    removed: pathsOf(commit, 'removed'),
    modified: [...pathsOf(commit, 'modified'), ...pathsOf(commit, 'renamed')],
  };
}

function pathsOf(commit: Commit, status: FileChange['status']): string[] {
  return commit.files.filter((file) => file.status === status).map(({ path }) => path);
}

function whoShape({ name, email, account }: Signature) {
  return { name, email, ...(account === null ? {} : { username: account.login }) };
}

/** By the own clock of whoever signed. */
export function localTime({ date, offset }: Signature): string {
  const local = new Date(Date.parse(date) + offset * 60_000).toISOString().slice(0, 19);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local}${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** A commit as runs and checks name it. */
export function headCommitShape(commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: localTime(commit.committer),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}
