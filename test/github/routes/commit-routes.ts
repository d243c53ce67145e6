import { aboutRepository, type Route } from '../front/route.ts';
import { notFound, paged, refuse, reply, type RepositoryAsk } from '../front/state.ts';
import { nodeId } from '../shapes/account-shapes.ts';
import { commitShape, fileShape, wholeCommitShape } from '../shapes/commit-shapes.ts';
import { pageOf, repositoryUrl } from '../shapes/repository-shapes.ts';
import { commitOf, commitsBetween, filesOf, logOf, reachOf, resolveRef } from '../world/history.ts';
import type { Commit } from '../world/model.ts';

const contents = { permission: 'contents=read' };

export const commitRoutes: Route[] = [
  aboutRepository('GET', '/commits', contents, listCommits),
  aboutRepository('GET', '/commits/{ref}', contents, ({ world, repository, params }) => {
    const sha = resolveRef(repository, params['ref'] ?? '');
    if (sha === undefined) return refuse(422, `No commit found for SHA: ${params['ref']}`);
    return reply(wholeCommitShape(world, repository, commitOf(repository, sha)));
  }),
  aboutRepository('GET', '/compare/{basehead}', contents, compare),
  aboutRepository('GET', '/branches', contents, (ask) => {
    const { world, repository } = ask;
    const branches = [...repository.branches].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return paged(ask, branches, ([name, sha]) => ({
      name,
      commit: { sha, url: `${repositoryUrl(world, repository)}/commits/${sha}` },
      protected: false,
    }));
  }),
  aboutRepository('GET', '/branches/{branch}', contents, branch),
  aboutRepository('GET', '/tags', metadata(), (ask) => {
    const { world, repository } = ask;
    const url = repositoryUrl(world, repository);
    return paged(ask, [...repository.tags].toReversed(), ([name, sha]) => ({
      name,
      commit: { sha, url: `${url}/commits/${sha}` },
      zipball_url: `${url}/zipball/refs/tags/${name}`,
      tarball_url: `${url}/tarball/refs/tags/${name}`,
      node_id: nodeId('REF', name),
    }));
  }),
  aboutRepository('GET', '/git/matching-refs/{ref}', contents, (ask) => {
    const start = `refs/${ask.params['ref']}`;
    return reply(allRefs(ask).filter(({ ref }) => ref.startsWith(start)));
  }),
  aboutRepository('GET', '/git/ref/{ref}', contents, (ask) => {
    const found = allRefs(ask).find(({ ref }) => ref === `refs/${ask.params['ref']}`);
    return found === undefined ? notFound() : reply(found);
  }),
];

function metadata() {
  return { permission: 'metadata=read' };
}

/** By the committer's date, as GitHub does: a rebased old commit may fall out of the window. */
function listCommits(ask: RepositoryAsk) {
  const { world, repository, query } = ask;
  const named = query.get('sha') ?? repository.defaultBranch;
  const sha = resolveRef(repository, named);
  if (repository.branches.size === 0) return refuse(409, 'Git Repository is empty.');
  if (sha === undefined) return notFound();
  const [since, until] = [secondOf(query.get('since')), secondOf(query.get('until'))];
  const [author, path] = [query.get('author')?.toLowerCase(), query.get('path')];
  const fits = (commit: Commit) =>
    (since === null || commit.committer.date >= since) &&
    (until === null || commit.committer.date <= until) &&
    (author === undefined || writtenBy(commit, author)) &&
    (path === null || commit.files.some((file) => file.path === path || file.path.startsWith(`${path}/`)));
  return paged(ask, logOf(repository, sha).filter(fits), (commit) => commitShape(world, repository, commit));
}

function writtenBy({ author }: Commit, wanted: string): boolean {
  return author.account?.login.toLowerCase() === wanted || author.email.toLowerCase() === wanted;
}

export function secondOf(text: string | null): string | null {
  if (text === null || Number.isNaN(Date.parse(text))) return null;
  return `${new Date(text).toISOString().slice(0, 19)}Z`;
}

function compare(ask: RepositoryAsk) {
  const { world, repository, params } = ask;
  const [baseName = '', headName = ''] = (params['basehead'] ?? '').split('...');
  const [base, head] = [resolveRef(repository, baseName), resolveRef(repository, headName)];
  if (base === undefined || head === undefined) return notFound();
  const ahead = commitsBetween(repository, base, head);
  const behind = commitsBetween(repository, head, base);
  const below = reachOf(repository, base);
  const mergeBase = logOf(repository, head).find(({ sha }) => below.has(sha));
  if (mergeBase === undefined) return refuse(404, 'No common ancestor between the two.');
  const page = `${pageOf(world, repository)}/compare/${params['basehead']}`;
  const list = paged(ask, ahead, (commit) => commitShape(world, repository, commit));
  return reply(
    {
      url: `${repositoryUrl(world, repository)}/compare/${params['basehead']}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: commitShape(world, repository, commitOf(repository, base)),
      merge_base_commit: commitShape(world, repository, mergeBase),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: list.body,
      files: filesOf(ahead)
        .slice(0, 300)
        .map((file) => fileShape(world, repository, file, head)),
    },
    200,
    list.headers,
  );
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function branch({ world, repository, params }: RepositoryAsk) {
  const name = params['branch'] ?? '';
  const sha = repository.branches.get(name);
  if (sha === undefined) return refuse(404, 'Branch not found');
  const url = `${repositoryUrl(world, repository)}/branches/${name}`;
  return reply({
    name,
    commit: commitShape(world, repository, commitOf(repository, sha)),
    _links: { self: url, html: `${pageOf(world, repository)}/tree/${name}` },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}

function allRefs({ world, repository }: RepositoryAsk) {
  const url = repositoryUrl(world, repository);
  const shape = (kind: string) => (named: [string, string]) => {
    const [name, sha] = named;
    const ref = `refs/${kind}/${name}`;
    const object = { type: 'commit', sha, url: `${url}/git/commits/${sha}` };
    return { ref, node_id: nodeId('REF', ref), url: `${url}/git/${ref}`, object };
  };
  return [...[...repository.branches].map(shape('heads')), ...[...repository.tags].map(shape('tags'))];
}
