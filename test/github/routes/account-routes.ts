import { levelOf, permissionsAt, refuseSso, withoutShutOut } from '../front/access.ts';
import { openRoute, route, type Route } from '../front/route.ts';
import { notFound, paged, refuse, reply, type Ask, type Reply } from '../front/state.ts';
import {
  fullOrganizationShape,
  membershipShape,
  organizationShape,
  privateUserShape,
  publicUserShape,
  restTeamShape,
  userShape,
} from '../shapes/account-shapes.ts';
import { repositoryShape } from '../shapes/repository-shapes.ts';
import { compareTexts } from '../world/history.ts';
import type { Account, Repository } from '../world/model.ts';
import { findAccount } from '../world/open-world.ts';

export const accountRoutes: Route[] = [
  route('GET', '/user', {}, ({ world, viewer }) =>
    viewer === null ? refuse(403, 'Resource not accessible by integration') : reply(privateUserShape(world, viewer)),
  ),
  route('GET', '/user/emails', { scopes: ['user:email'], permission: 'emails=read' }, (ask) =>
    paged(ask, ask.viewer?.emails ?? [], (one) => ({ ...one, visibility: one.primary ? 'private' : null })),
  ),
  route('GET', '/user/orgs', { scopes: ['read:org', 'user', 'repo'] }, (ask) =>
    paged(ask, organizationsOf(ask), (one) => organizationShape(ask.world, one)),
  ),
  route('GET', '/user/memberships/orgs', { scopes: ['read:org'], permission: 'members=read' }, (ask) => {
    const { world, viewer } = ask;
    return viewer === null
      ? notFound()
      : paged(ask, organizationsOf(ask), (one) => membershipShape(world, one, viewer));
  }),
  route('GET', '/user/repos', { permission: 'metadata=read' }, (ask) =>
    listRepositories(ask, (one) => ownOrTeam(ask, one)),
  ),
  openRoute('GET', '/users/{username}', ({ world, params }) => {
    const account = findAccount(world, params['username'] ?? '');
    return account === undefined ? notFound() : reply(publicUserShape(world, account));
  }),
  openRoute('GET', '/user/{account_id}', ({ world, params }) => {
    const account = world.accounts.get(Number(params['account_id']));
    return account === undefined ? notFound() : reply(publicUserShape(world, account));
  }),
  openRoute('GET', '/users/{username}/repos', (ask) => {
    const owner = findAccount(ask.world, ask.params['username'] ?? '');
    return owner === undefined ? notFound() : listRepositories(ask, (one) => one.owner === owner);
  }),
  openRoute('GET', '/orgs/{org}', (ask) => {
    const organization = organizationOf(ask);
    return organization === undefined ? notFound() : reply(fullOrganizationShape(ask.world, organization));
  }),
  route('GET', '/orgs/{org}/repos', { permission: 'metadata=read' }, (ask) => {
    const organization = organizationOf(ask);
    if (organization === undefined) return notFound();
    return refuseSso(ask, organization) ?? listRepositories(ask, (one) => one.owner === organization);
  }),
  route('GET', '/orgs/{org}/members', { permission: 'members=read' }, (ask) => {
    const organization = organizationOf(ask);
    if (organization === undefined) return notFound();
    const members = [...organization.members.keys()].flatMap((id) => ask.world.accounts.get(id) ?? []);
    const [role, world] = [ask.query.get('role') ?? 'all', ask.world];
    const found = members.filter((one) => role === 'all' || organization.members.get(one.id) === role);
    return refuseSso(ask, organization) ?? paged(ask, found, (member) => userShape(world, member));
  }),
  route('GET', '/orgs/{org}/teams', { scopes: ['read:org'], permission: 'members=read' }, (ask) => {
    const organization = organizationOf(ask);
    if (organization === undefined) return notFound();
    return paged(ask, organization.teams, (team) => restTeamShape(ask.world, organization, team));
  }),
  openRoute('GET', '/rate_limit', rateLimit),
  openRoute('GET', '/meta', () => reply({ verifiable_password_authentication: false, hooks: ['127.0.0.0/8'] })),
];

function organizationsOf({ world, viewer }: Ask): Account[] {
  return [...world.accounts.values()].filter((one) => viewer !== null && one.members.has(viewer.id));
}

function organizationOf({ world, params }: Ask): Account | undefined {
  const found = findAccount(world, params['org'] ?? '');
  return found?.type === 'Organization' ? found : undefined;
}

/** Whose they are, as `affiliation` tells the three apart; without it, all. */
function ownOrTeam({ state, token, query }: Ask, repository: Repository): boolean {
  const account = token?.account;
  if (account === undefined) return false;
  const wanted = (query.get('affiliation') ?? 'owner,collaborator,organization_member').split(',');
  const isNear =
    (wanted.includes('owner') && repository.owner === account) ||
    (wanted.includes('organization_member') && repository.owner.members.has(account.id)) ||
    (wanted.includes('collaborator') && repository.collaborators.has(account.id));
  return isNear && levelOf(state, token, repository) !== 'none';
}

function listRepositories(ask: Ask, belongs: (repository: Repository) => boolean): Reply {
  const { world, state, token, query } = ask;
  const visible = [...world.repositories.values()].filter(
    (one) => belongs(one) && levelOf(state, token, one) !== 'none' && hasVisibility(one, query.get('visibility')),
  );
  const { shown, headers } = withoutShutOut(ask, visible);
  const sorted = shown.toSorted(orders[query.get('sort') ?? 'full_name'] ?? orders['full_name']);
  const list = paged(ask, sorted, (one) => ({
    ...repositoryShape(world, one),
    permissions: permissionsAt(levelOf(state, token, one)),
  }));
  return { ...list, headers: { ...list.headers, ...headers } };
}

function hasVisibility(repository: Repository, wanted: string | null): boolean {
  return wanted === null || wanted === 'all' || repository.visibility === wanted;
}

const orders: Record<string, (a: Repository, b: Repository) => number> = {
  full_name: (a, b) => compareTexts(`${a.owner.login}/${a.name}`, `${b.owner.login}/${b.name}`),
  created: (a, b) => compareTexts(b.createdAt, a.createdAt) || b.id - a.id,
  updated: (a, b) => compareTexts(b.updatedAt, a.updatedAt) || b.id - a.id,
  pushed: (a, b) => compareTexts(b.pushedAt ?? '', a.pushedAt ?? '') || b.id - a.id,
};

/** Free of charge. */
function rateLimit({ state, who }: Ask): Reply {
  const shape = (resource: 'core' | 'graphql' | 'search') => {
    const { limit, remaining, reset } = state.limits.state(who, resource);
    return { limit, remaining, reset, used: limit - remaining, resource };
  };
  const core = shape('core');
  return reply({ resources: { core, graphql: shape('graphql'), search: shape('search') }, rate: core });
}
