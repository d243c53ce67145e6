import { randomBytes } from 'node:crypto';
import { installationParcel, type Hook } from '../hooks/hook-book.ts';
import type { Account, Repository } from '../world/model.ts';
import { instantOf } from '../world/open-world.ts';
import { makeApp, type AppManifest, type GithubApp, type Installation } from './apps.ts';
import type { State } from './state.ts';

const HOUR = 3_600_000;

/** Makes an App with its hook; the code is what the page sends back with. */
export function registerApp(state: State, owner: Account, manifest: AppManifest): { app: GithubApp; code: string } {
  const { world, apps, hooks, clock } = state;
  const app = makeApp(world, owner, manifest);
  apps.apps.set(app.id, app);
  const code = randomBytes(20).toString('hex');
  apps.codes.set(code, { app, until: clock.now().getTime() + HOUR });
  if (manifest.hook_attributes !== undefined) {
    const at = instantOf(world);
    const hook: Hook = {
      id: world.nextId(),
      kind: 'app',
      owner: app.id,
      url: manifest.hook_attributes.url,
      contentType: 'json',
      secret: app.webhookSecret,
      insecureSsl: '0',
      events: app.events,
      isActive: manifest.hook_attributes.active ?? true,
      createdAt: at,
      updatedAt: at,
      lastResponse: { code: null, status: 'unused', message: null },
    };
    hooks.hooks.set(hook.id, hook);
  }
  return { app, code };
}

/** Puts an App on an account; its hook is told. */
export function install(
  state: State,
  app: GithubApp,
  account: Account,
  repositories: Repository[] | null,
): Installation {
  const at = instantOf(state.world);
  const installation: Installation = {
    id: state.world.nextId(),
    app,
    account,
    repositories: repositories === null ? null : new Set(repositories.map(({ id }) => id)),
    permissions: { ...app.permissions },
    events: [...app.events],
    createdAt: at,
    updatedAt: at,
    suspendedAt: null,
    suspendedBy: null,
  };
  state.apps.installations.set(installation.id, installation);
  tellInstallation(state, installation, 'created', account);
  return installation;
}

export function uninstall(state: State, installation: Installation, by: Account): void {
  state.apps.installations.delete(installation.id);
  for (const token of state.tokens.all.values()) if (token.installation === installation.id) token.isRevoked = true;
  tellInstallation(state, installation, 'deleted', by);
}

export function suspend(state: State, installation: Installation, by: Account, isOff = false): void {
  installation.suspendedAt = isOff ? null : instantOf(state.world);
  installation.suspendedBy = isOff ? null : by;
  tellInstallation(state, installation, isOff ? 'unsuspend' : 'suspend', by);
}

/** Chooses other repositories for it; null: all of them. */
export function choose(state: State, installation: Installation, repositories: Repository[] | null, by: Account): void {
  const old = installation.repositories;
  installation.repositories = repositories === null ? null : new Set(repositories.map(({ id }) => id));
  installation.updatedAt = instantOf(state.world);
  const own = [...state.world.repositories.values()].filter(({ owner }) => owner === installation.account);
  const had = ({ id }: Repository) => old === null || old.has(id);
  const has = ({ id }: Repository) => installation.repositories === null || installation.repositories.has(id);
  const added = own.filter((one) => has(one) && !had(one));
  const removed = own.filter((one) => had(one) && !has(one));
  for (const [action, list] of [
    ['added', added],
    ['removed', removed],
  ] as const) {
    if (list.length === 0) continue;
    const news = {
      event: 'installation_repositories' as const,
      action,
      sender: by,
      added: [] as Repository[],
      removed: [] as Repository[],
    };
    news[action] = list;
    state.office.post(installationParcel(state.world, state.hooks, installation, news));
  }
}

/** The App asks for more than it was given; the account agrees. */
export function acceptPermissions(state: State, installation: Installation, by: Account): void {
  installation.permissions = { ...installation.app.permissions };
  installation.events = [...installation.app.events];
  tellInstallation(state, installation, 'new_permissions_accepted', by);
}

function tellInstallation(state: State, installation: Installation, action: string, sender: Account): void {
  const news = { event: 'installation' as const, action, sender };
  state.office.post(installationParcel(state.world, state.hooks, installation, news));
}
