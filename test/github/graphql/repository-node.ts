import { nodeId } from '../shapes/account-shapes.ts';
import { pageOf } from '../shapes/repository-shapes.ts';
import { commitOf, compareTexts, resolveRef } from '../world/history.ts';
import type { Release, Repository, World } from '../world/model.ts';
import { connection, type PageArguments } from './connection.ts';
import { discussionNode, issueNode } from './issue-nodes.ts';
import { actorNode, briefRepositoryNode, commitNode } from './nodes.ts';
import { pullNode } from './pull-node.ts';

interface ListArguments extends PageArguments {
  states?: string[] | null;
  orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null;
  labels?: string[] | null;
  filterBy?: { since?: string | null } | null;
}

export function repositoryNode(world: World, repository: Repository): object {
  return {
    ...briefRepositoryNode(world, repository),
    parent: () => (repository.parent === null ? null : repositoryNode(world, repository.parent)),
    defaultBranchRef: () => refNode(world, repository, 'heads', repository.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      const kind = qualifiedName.startsWith('refs/tags/') ? 'tags' : 'heads';
      return refNode(world, repository, kind, qualifiedName.replace(/^refs\/(?:heads|tags)\//, ''));
    },
    refs: ({ refPrefix, ...rest }: PageArguments & { refPrefix: string }) => {
      const kind = refPrefix.includes('tags') ? 'tags' : 'heads';
      const names = [...(kind === 'tags' ? repository.tags : repository.branches).keys()].toSorted(compareTexts);
      return connection('refs', names, rest, (name) => refNode(world, repository, kind, name));
    },
    object: ({ oid, expression }: { oid?: string | null; expression?: string | null }) => {
      const sha = resolveRef(repository, oid ?? expression ?? repository.defaultBranch);
      return sha === undefined ? null : commitNode(world, repository, commitOf(repository, sha));
    },
    ...threadFields(world, repository),
    releases: (rest: PageArguments) => {
      const newest = repository.releases.toSorted((a, b) => compareTexts(b.createdAt, a.createdAt));
      return connection('releases', newest, rest, (one) => releaseNode(world, repository, one));
    },
    stargazers: (rest: PageArguments) => {
      const list = connection('stargazers', repository.stars, rest, ({ user }) => actorNode(world, user));
      const dates = new Map(repository.stars.map((one) => [nodeId('U', one.user.id), one.at]));
      const edges = list.edges.map((edge) => ({ ...edge, starredAt: dates.get((edge.node as { id: string }).id) }));
      return { ...list, edges };
    },
    languages: (rest: PageArguments) => {
      const sizes = Object.entries(repository.languages).toSorted((a, b) => b[1] - a[1]);
      const list = connection('languages', sizes, rest, ([name]) => ({ id: nodeId('LANG', name), name }));
      const edges = list.edges.map((edge) => ({
        ...edge,
        size: repository.languages[(edge.node as { name: string }).name],
      }));
      return { ...list, edges, totalSize: sizes.reduce((sum, [, size]) => sum + size, 0) };
    },
  };
}

function threadFields(world: World, repository: Repository) {
  return {
    pullRequest: ({ number }: { number: number }) => {
      const pull = repository.pulls.get(number);
      return pull === undefined ? null : pullNode(world, repository, pull);
    },
    pullRequests: ({ states, orderBy, ...rest }: ListArguments) => {
      const state = (pull: { mergedAt: string | null; state: string }) =>
        pull.mergedAt === null ? pull.state.toUpperCase() : 'MERGED';
      const found = [...repository.pulls.values()].filter((pull) => states == null || states.includes(state(pull)));
      return connection('pullRequests', ordered(found, orderBy), rest, (one) => pullNode(world, repository, one));
    },
    issue: ({ number }: { number: number }) => {
      const issue = repository.issues.get(number);
      return issue === undefined ? null : issueNode(world, repository, issue);
    },
    issues: ({ states, orderBy, filterBy, ...rest }: ListArguments) => {
      const since = filterBy?.since ?? null;
      const found = [...repository.issues.values()].filter(
        (one) =>
          (states == null || states.includes(one.state.toUpperCase())) &&
          (since === null || Date.parse(one.updatedAt) >= Date.parse(since)),
      );
      return connection('issues', ordered(found, orderBy), rest, (one) => issueNode(world, repository, one));
    },
    discussion: ({ number }: { number: number }) => {
      const discussion = repository.discussions.get(number);
      return discussion === undefined ? null : discussionNode(world, repository, discussion);
    },
    discussions: ({ orderBy, ...rest }: ListArguments) => {
      // Newest first, unless asked otherwise.
      const sorted = ordered(
        [...repository.discussions.values()],
        orderBy ?? { field: 'UPDATED_AT', direction: 'DESC' },
      );
      return connection('discussions', sorted, rest, (one) => discussionNode(world, repository, one));
    },
  };
}

function ordered<Item extends { createdAt: string; updatedAt: string; number: number }>(
  items: Item[],
  order: ListArguments['orderBy'],
): Item[] {
  const field = order?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const sign = order?.direction === 'DESC' ? -1 : 1;
  return items.toSorted((a, b) => sign * (compareTexts(a[field], b[field]) || a.number - b.number));
}

function refNode(world: World, repository: Repository, kind: 'heads' | 'tags', name: string): object | null {
  const sha = (kind === 'tags' ? repository.tags : repository.branches).get(name);
  if (sha === undefined) return null;
  return {
    __typename: 'Ref',
    id: nodeId('REF', `${kind}/${name}`),
    name,
    prefix: `refs/${kind}/`,
    target: () => commitNode(world, repository, commitOf(repository, sha)),
  };
}

function releaseNode(world: World, repository: Repository, release: Release) {
  return {
    __typename: 'Release',
    id: nodeId('RE', release.id),
    databaseId: release.id,
    name: release.name,
    tagName: release.tag,
    isDraft: release.isDraft,
    isPrerelease: release.isPrerelease,
    author: actorNode(world, release.author),
    createdAt: release.createdAt,
    publishedAt: release.publishedAt,
    updatedAt: release.updatedAt,
    url: `${pageOf(world, repository)}/releases/tag/${release.tag}`,
  };
}
