import type { Repository, World } from '../world/model.ts';
import { fullNameOf } from '../world/open-world.ts';
import { nodeId, userShape } from './account-shapes.ts';

/** The addresses that every answer about a repository repeats; a shorter answer has these and little else. */
function addresses(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.api}/repos/${fullNameOf(repository)}`;
}

export function pageOf(world: World, repository: Repository): string {
  return `${world.web}/${fullNameOf(repository)}`;
}

/** What workflow runs say of their repository. */
export function briefRepositoryShape(world: World, repository: Repository) {
  const url = repositoryUrl(world, repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullNameOf(repository),
    private: repository.visibility !== 'public',
    owner: userShape(world, repository.owner),
    html_url: pageOf(world, repository),
    description: repository.description,
    fork: repository.parent !== null,
    url,
    ...addresses(url),
  };
}

export function repositoryShape(world: World, repository: Repository) {
  const page = pageOf(world, repository);
  const open = [...repository.issues.values(), ...repository.pulls.values()].filter(({ state }) => state === 'open');
  const main = Object.entries(repository.languages).toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  return {
    ...briefRepositoryShape(world, repository),
    created_at: repository.createdAt as string | number,
    updated_at: repository.updatedAt,
    pushed_at: (repository.pushedAt ?? repository.createdAt) as string | number,
    git_url: `${page.replace(/^https?:/, 'git:')}.git`,
    ssh_url: `git@${new URL(page).hostname}:${fullNameOf(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: repository.commits.size * 2,
    stargazers_count: repository.stars.length,
    watchers_count: repository.stars.length,
    language: main,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: true,
    forks_count: repository.forks.length,
    mirror_url: repository.mirrorUrl,
    archived: repository.isArchived,
    disabled: false,
    open_issues_count: open.length,
    license: null,
    allow_forking: true,
    is_template: repository.isTemplate,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.visibility,
    forks: repository.forks.length,
    open_issues: open.length,
    watchers: repository.stars.length,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

export interface Permissions {
  admin: boolean;
  maintain: boolean;
  push: boolean;
  triage: boolean;
  pull: boolean;
}

/** A whole answer for one repository; what it was forked from comes with it. */
export function fullRepositoryShape(world: World, repository: Repository, permissions: Permissions) {
  const { parent } = repository;
  const root = parent?.parent ?? parent;
  return {
    ...repositoryShape(world, repository),
    permissions,
    subscribers_count: repository.stars.length,
    network_count: repository.forks.length,
    ...(parent === null ? {} : { parent: repositoryShape(world, parent) }),
    ...(root === null ? {} : { source: repositoryShape(world, root) }),
  };
}
