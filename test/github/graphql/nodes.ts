import { nodeId } from '../shapes/account-shapes.ts';
import { localTime } from '../shapes/commit-shapes.ts';
import { pageOf } from '../shapes/repository-shapes.ts';
import { commitOf, logOf } from '../world/history.ts';
import { fullNameOf } from '../world/open-world.ts';
import type { Account, Comment, Commit, Repository, Signature, Team, World } from '../world/model.ts';
import { connection, type PageArguments } from './connection.ts';

const kinds = { User: 'U', Bot: 'BOT', Organization: 'O' };

/** A person, a machine or an organization; null: nobody is there any more. */
export function actorNode(world: World, account: Account | null | undefined) {
  if (account == null) return null;
  return {
    __typename: account.type,
    id: nodeId(kinds[account.type], account.id),
    databaseId: account.id,
    // As GraphQL writes it: without the mark that REST puts after it.
    login: account.login.replace(/\[bot\]$/, ''),
    name: account.name,
    email: account.emails.find(({ primary }) => primary)?.email ?? '',
    url: `${world.web}/${account.login}`,
    avatarUrl: `${world.web}/avatars/u/${account.id}?v=4`,
    createdAt: account.createdAt,
    updatedAt: account.createdAt,
  };
}

export function teamNode(organization: Account, team: Team) {
  const combinedSlug = `${organization.login}/${team.slug}`;
  return {
    __typename: 'Team',
    id: nodeId('T', team.id),
    databaseId: team.id,
    name: team.name,
    slug: team.slug,
    combinedSlug,
  };
}

function gitActor(world: World, signature: Signature) {
  const { name, email, account } = signature;
  // REST says it in UTC; only here the own clock is told.
  return { name, email, date: localTime(signature), user: account?.type === 'User' ? actorNode(world, account) : null };
}

interface HistoryArguments extends PageArguments {
  since?: string | null;
  until?: string | null;
  path?: string | null;
}

export function commitNode(world: World, repository: Repository, commit: Commit): object {
  const { sha, message, author, committer, parents, files } = commit;
  const [headline = '', ...body] = message.split('\n');
  return {
    __typename: 'Commit',
    id: nodeId('C', sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    url: `${pageOf(world, repository)}/commit/${sha}`,
    message,
    messageHeadline: headline,
    messageBody: body.join('\n').trim(),
    authoredDate: author.date,
    committedDate: committer.date,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
    changedFilesIfAvailable: files.length,
    author: () => gitActor(world, author),
    committer: () => gitActor(world, committer),
    authors: (page: PageArguments) => {
      const all = [author, ...coAuthors(message, author)];
      return connection('authors', all, page, (one) => gitActor(world, one));
    },
    parents: (page: PageArguments) =>
      connection('parents', parents, page, (one) => commitNode(world, repository, commitOf(repository, one))),
    history: ({ since, until, path, ...page }: HistoryArguments) => {
      const found = logOf(repository, sha).filter(
        (one) =>
          (since == null || one.committer.date >= second(since)) &&
          (until == null || one.committer.date <= second(until)) &&
          (path == null || one.files.some((file) => file.path === path || file.path.startsWith(`${path}/`))),
      );
      return connection('history', found, page, (one) => commitNode(world, repository, one));
    },
  };
}

function second(text: string): string {
  return `${new Date(text).toISOString().slice(0, 19)}Z`;
}

function coAuthors(message: string, like: Signature): Signature[] {
  return [...message.matchAll(/^co-authored-by: (.+) <(.+)>$/gim)].map(([, name = '', email = '']) => ({
    name,
    email,
    date: like.date,
    offset: like.offset,
    account: null,
  }));
}

export function commentNode(world: World, comment: Comment, page: string, kind: string) {
  return {
    __typename: kind,
    id: nodeId(kind, comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: actorNode(world, comment.author),
    body: comment.body,
    bodyText: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    publishedAt: comment.createdAt,
    url: page,
  };
}

/** What a repository says of itself without leading on to what is in it. */
export function briefRepositoryNode(world: World, repository: Repository) {
  const page = pageOf(world, repository);
  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullNameOf(repository),
    owner: actorNode(world, repository.owner),
    url: page,
    description: repository.description,
    isPrivate: repository.visibility !== 'public',
    visibility: repository.visibility.toUpperCase(),
    isArchived: repository.isArchived,
    isFork: repository.parent !== null,
    isMirror: repository.mirrorUrl !== null,
    isTemplate: repository.isTemplate,
    isEmpty: repository.branches.size === 0,
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
    stargazerCount: repository.stars.length,
    forkCount: repository.forks.length,
  };
}
