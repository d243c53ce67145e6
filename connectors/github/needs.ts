import { eventActions } from './actions.ts';

/** Something that GitHub must grant, and what for. */
export interface Need {
  /** As GitHub names it. */
  name: string;
  reason: string;
  /** Without it the rest works. */
  isOptional: boolean;
}

/** Scopes of OAuth connections and classic tokens. Each also grants more than we use: GitHub has none that only read. */
export const neededScopes: readonly Need[] = [
  {
    name: 'repo',
    reason: 'Read private repositories with their pull requests, issues and deployments. Public ones need no scope.',
    isOptional: true,
  },
  {
    name: 'read:org',
    reason: 'See which organisations and teams one belongs to, and the repositories that come with them.',
    isOptional: true,
  },
  {
    name: 'admin:repo_hook',
    reason: 'Make the webhook by which GitHub tells of changes at once. Without it DevPulse asks every few minutes.',
    isOptional: true,
  },
  {
    name: 'admin:org_hook',
    reason: 'Make one webhook for a whole organisation instead of one for each repository.',
    isOptional: true,
  },
  {
    name: 'security_events',
    reason: 'Read alerts about dependencies of public repositories; `repo` includes it.',
    isOptional: true,
  },
];

/** A permission of fine-grained tokens and of the App. */
export interface NeededPermission extends Need {
  /** As the manifest of an App and the answers of the API spell it. */
  key: string;
  level: 'read' | 'write';
  of: 'repository' | 'organization';
  /** GitHub offers it to Apps, not to fine-grained tokens. */
  onlyApps?: true;
}

export const neededPermissions: readonly NeededPermission[] = [
  {
    ...reading('metadata', 'Metadata', 'Find the repository, its languages, forks and stars. GitHub requires it.'),
    isOptional: false,
  },
  { ...reading('contents', 'Contents', 'Read commits, branches, tags and releases.'), isOptional: false },
  {
    ...reading('pull_requests', 'Pull requests', 'Read pull requests, their reviews, commits and files.'),
    isOptional: false,
  },
  reading('issues', 'Issues', 'Read issues, comments and what happened to them.'),
  reading('actions', 'Actions', 'Read workflow runs and how they ended.'),
  { ...reading('checks', 'Checks', 'Be told how checks of a commit ended.'), onlyApps: true },
  reading('deployments', 'Deployments', 'Read what was deployed when, and how it went.'),
  reading('discussions', 'Discussions', 'Read discussions and who answered.'),
  reading('administration', 'Administration', 'Read views and clones, which GitHub forgets after fourteen days.'),
  reading('vulnerability_alerts', 'Dependabot alerts', 'Read alerts about dependencies.'),
  {
    ...reading(
      'members',
      'Members',
      'See who belongs to the organisation and its teams, so that each sees what is theirs.',
    ),
    of: 'organization',
  },
  {
    ...reading('repository_hooks', 'Webhooks', 'Make the webhook of a repository; the App has its own and needs none.'),
    level: 'write',
  },
];

function reading(key: string, name: string, reason: string): NeededPermission {
  return { key, name, reason, isOptional: true, level: 'read', of: 'repository' };
}

/** Events that tell no fact but are the reason to ask anew who may see what. */
const watched = ['create', 'member', 'membership', 'organization', 'pull_request_review_thread', 'team', 'team_add'];

/** The events that a hook is made for: all that tell facts, and those that are watched. Installations come to an App unasked. */
export const hookEvents: readonly string[] = [
  ...[...eventActions]
    .filter(([, actions]) => [...actions.values()].some((tells) => 'tells' in tells))
    .map(([event]) => event),
  ...watched,
].toSorted();
