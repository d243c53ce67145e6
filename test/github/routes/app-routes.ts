import { randomBytes } from 'node:crypto';
import { levelOf, permissionsAt } from '../front/access.ts';
import {
  appShape,
  convertedAppShape,
  covers,
  installationShape,
  installedRepositories,
  type GithubApp,
  type Installation,
} from '../front/apps.ts';
import { aboutRepository, openRoute, route, type Route } from '../front/route.ts';
import { notFound, paged, readJson, refuse, reply, type Ask, type Reply } from '../front/state.ts';
import type { Hook } from '../hooks/hook-book.ts';
import { repositoryShape } from '../shapes/repository-shapes.ts';
import type { Repository } from '../world/model.ts';
import { changeConfig, configShape, listDeliveries, readDelivery, redeliver } from './hook-routes.ts';

const HOUR = 3600;

export const appRoutes: Route[] = [
  openRoute('POST', '/app-manifests/{code}/conversions', convert),
  asApp('GET', '/app', (ask, app) =>
    reply({ ...appShape(ask.world, app), installations_count: ofApp(ask, app).length }),
  ),
  asApp('GET', '/app/installations', (ask, app) =>
    paged(ask, ofApp(ask, app), (one) => installationShape(ask.world, one)),
  ),
  asApp('GET', '/app/installations/{installation_id}', (ask, app) => {
    const found = ofApp(ask, app).find(({ id }) => id === Number(ask.params['installation_id']));
    return found === undefined ? notFound() : reply(installationShape(ask.world, found));
  }),
  asApp('POST', '/app/installations/{installation_id}/access_tokens', mint),
  asApp('GET', '/app/hook/config', (ask, app) => withAppHook(ask, app, (hook) => reply(configShape(hook)))),
  asApp('PATCH', '/app/hook/config', (ask, app) =>
    withAppHook(ask, app, (hook) => {
      changeConfig(hook, readJson(ask) as Record<string, string>);
      return reply(configShape(hook));
    }),
  ),
  asApp('GET', '/app/hook/deliveries', (ask, app) => withAppHook(ask, app, (hook) => listDeliveries(ask, hook))),
  asApp('GET', '/app/hook/deliveries/{delivery_id}', (ask, app) =>
    withAppHook(ask, app, (hook) => readDelivery(ask, hook)),
  ),
  asApp('POST', '/app/hook/deliveries/{delivery_id}/attempts', (ask, app) =>
    withAppHook(ask, app, (hook) => redeliver(ask, hook)),
  ),
  route('GET', '/user/installations', {}, (ask) => {
    if (ask.token?.kind !== 'user')
      return refuse(403, 'You must authenticate with an access token authorized to a GitHub App');
    return paged(ask, mine(ask), (one) => installationShape(ask.world, one), 'installations');
  }),
  route('GET', '/user/installations/{installation_id}/repositories', {}, (ask) => {
    const found = mine(ask).find(({ id }) => id === Number(ask.params['installation_id']));
    if (found === undefined) return notFound();
    const shown = installedRepositories(ask.world, found).filter(
      (one) => levelOf(ask.state, ask.token, one) !== 'none',
    );
    return paged(ask, shown, (one) => withPermissions(ask, one), 'repositories');
  }),
  route('GET', '/installation/repositories', {}, (ask) => {
    const { state, world, token } = ask;
    const installation = state.apps.installations.get(token?.installation ?? 0);
    if (installation === undefined) return refuse(403, 'Resource not accessible by personal access token');
    const all = installedRepositories(world, installation);
    const shown = all.filter(({ id }) => token?.repositories?.has(id) ?? true);
    return paged(ask, shown, (one) => withPermissions(ask, one), 'repositories');
  }),
  route('DELETE', '/installation/token', {}, ({ state, token }) => {
    if (token !== null) state.tokens.revoke(token.value);
    return reply(undefined, 204);
  }),
  aboutRepository('GET', '/installation', {}, (ask) => {
    const { app, repository } = ask;
    const found = app === null ? undefined : ofApp(ask, app).find((one) => covers(one, repository));
    return found === undefined ? notFound() : reply(installationShape(ask.world, found));
  }),
];

function asApp(method: string, pattern: string, answer: (ask: Ask, app: GithubApp) => Reply): Route {
  return openRoute(method, pattern, (ask) =>
    ask.app === null ? refuse(401, 'A JSON web token could not be decoded') : answer(ask, ask.app),
  );
}

function ofApp({ state }: Ask, app: GithubApp): Installation[] {
  return [...state.apps.installations.values()].filter((one) => one.app === app);
}

function withAppHook({ state }: Ask, app: GithubApp, answer: (hook: Hook) => Reply): Reply {
  const hook = [...state.hooks.hooks.values()].find(({ kind, owner }) => kind === 'app' && owner === app.id);
  return hook === undefined ? notFound() : answer(hook);
}

function withPermissions({ world, state, token }: Ask, repository: Repository) {
  return { ...repositoryShape(world, repository), permissions: permissionsAt(levelOf(state, token, repository)) };
}

/** Installations that the person can see: on themselves and on their organizations. */
function mine({ state, viewer, token }: Ask): Installation[] {
  return [...state.apps.installations.values()].filter(
    ({ app, account }) =>
      viewer !== null && app.clientId === token?.clientId && (account === viewer || account.members.has(viewer.id)),
  );
}

/** A code is good once, and for an hour. */
function convert({ state, world, params }: Ask): Reply {
  const code = params['code'] ?? '';
  const found = state.apps.codes.get(code);
  state.apps.codes.delete(code);
  if (found === undefined || found.until < state.clock.now().getTime()) return notFound();
  return reply(convertedAppShape(world, found.app), 201);
}

function mint(ask: Ask, app: GithubApp): Reply {
  const { state, world } = ask;
  const installation = ofApp(ask, app).find(({ id }) => id === Number(ask.params['installation_id']));
  if (installation === undefined) return notFound();
  if (installation.suspendedAt !== null) return refuse(403, 'This installation has been suspended');
  const input = readJson(ask) as { repository_ids?: number[]; permissions?: Installation['permissions'] };
  const wider = Object.keys(input.permissions ?? {}).some((name) => installation.permissions[name] === undefined);
  if (wider) return refuse(422, 'The permissions requested are not granted to this installation.');
  const bot = {
    id: app.id,
    login: `${app.slug}[bot]`,
    name: app.name,
    type: 'Bot' as const,
    emails: [],
    createdAt: app.createdAt,
    members: new Map(),
    teams: [],
  };
  const token = state.tokens.give({
    kind: 'installation',
    account: bot,
    installation: installation.id,
    permissions: input.permissions ?? installation.permissions,
    lasts: HOUR,
    ...(input.repository_ids === undefined ? {} : { repositories: input.repository_ids }),
    ...(ask.headers['x-github-stateless-s2s-token'] === 'disabled'
      ? { value: `ghs_${randomBytes(18).toString('hex')}` }
      : {}),
  });
  const chosen = installedRepositories(world, installation).filter(({ id }) => token.repositories?.has(id) ?? true);
  return reply(
    {
      token: token.value,
      expires_at: `${new Date(token.expiresAt ?? 0).toISOString().slice(0, 19)}Z`,
      permissions: token.permissions,
      repository_selection: token.repositories === null ? 'all' : 'selected',
      ...(token.repositories === null ? {} : { repositories: chosen.map((one) => repositoryShape(world, one)) }),
    },
    201,
  );
}
