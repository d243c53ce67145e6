import type { Account, Repository, Team, World } from '../world/model.ts';

/** GitHub, in whose name its own machines act. */
export const githubItself: Account = {
  id: 9919,
  login: 'github',
  name: 'GitHub',
  type: 'Organization',
  emails: [],
  createdAt: '2008-05-11T04:37:31Z',
  members: new Map(),
  teams: [],
};

/** An id as GraphQL knows it. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function userShape(world: World, account: Account) {
  const url = `${world.api}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Organization' ? 'O' : account.type === 'Bot' ? 'BOT' : 'U', account.id),
    avatar_url: `${world.web}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${world.web}/${account.type === 'Bot' ? `apps/${account.login.replace('[bot]', '')}` : account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

export function userOrNull(world: World, account: Account | null | undefined) {
  return account == null ? null : userShape(world, account);
}

/** What anybody sees of an account's own page. */
export function publicUserShape(world: World, account: Account) {
  const repositories = ownedBy(world, account);
  return {
    ...userShape(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    hireable: null,
    bio: null,
    // Nobody here shows an address on their page.
    email: null,
    twitter_username: null,
    public_repos: repositories.filter(({ visibility }) => visibility === 'public').length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** What somebody sees of themselves. */
export function privateUserShape(world: World, account: Account) {
  const hidden = ownedBy(world, account).filter(({ visibility }) => visibility !== 'public').length;
  return {
    ...publicUserShape(world, account),
    private_gists: 0,
    total_private_repos: hidden,
    owned_private_repos: hidden,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

function ownedBy(world: World, account: Account): Repository[] {
  return [...world.repositories.values()].filter(({ owner }) => owner === account);
}

export function organizationShape(world: World, account: Account) {
  const url = `${world.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.web}/avatars/u/${account.id}?v=4`,
    description: null,
  };
}

export function fullOrganizationShape(world: World, account: Account) {
  return {
    ...organizationShape(world, account),
    name: account.name,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: ownedBy(world, account).filter(({ visibility }) => visibility === 'public').length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${world.web}/${account.login}`,
    type: 'Organization',
    created_at: account.createdAt,
    updated_at: account.createdAt,
    archived_at: null,
  };
}

export function membershipShape(world: World, organization: Account, member: Account) {
  return {
    url: `${world.api}/orgs/${organization.login}/memberships/${member.login}`,
    state: 'active',
    role: organization.members.get(member.id) ?? 'member',
    organization_url: `${world.api}/orgs/${organization.login}`,
    organization: organizationShape(world, organization),
    user: userShape(world, member),
  };
}

export function teamShape(world: World, organization: Account, team: Team) {
  const url = `${world.api}/organizations/${organization.id}/team/${team.id}`;
  return {
    name: team.name,
    id: team.id,
    node_id: nodeId('T', team.id),
    slug: team.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    url,
    html_url: `${world.web}/orgs/${organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: 'pull',
    parent: null,
  };
}

/** As lists of the API give it; the hooks' own schema knows no type. */
export function restTeamShape(world: World, organization: Account, team: Team) {
  return { ...teamShape(world, organization, team), type: 'organization' };
}

export function labelShape(world: World, repository: Repository, label: { id: number; name: string }) {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${world.api}/repos/${repository.owner.login}/${repository.name}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: 'ededed',
    default: false,
    description: '',
  };
}
