import { AppError } from '@devpulse/contract/errors';
import { type Permission, permissions, roleMay, scopeOf } from '@devpulse/contract/permissions';
import type { App, Viewer } from '../deps.ts';
import type { Authenticator } from './open-authenticator.ts';

/** The one place where it is decided whether a request may go on: no route decides for itself, none can be forgotten. */
export function guardRoutes(app: App, authenticator: Authenticator): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say which permission it asks for`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const { permission, admit } = request.routeOptions.config;
    if (request.is404 || permission === 'public') return;
    const viewer = (await admit?.(request)) ?? (await authenticator.authenticate(request));
    if (permission === undefined) throw new Error('a route without a permission was not refused at the start');
    demand(viewer, permission);
    request.viewer = viewer;
  });
}

function demand(viewer: Viewer, permission: Permission): void {
  const scope = scopeOf(permission);
  if (scope === null && viewer.via === 'token')
    throw new AppError('forbidden', 'No token may do this; only a person who signed in.');
  if (scope !== null && !viewer.scopes.includes(scope))
    throw new AppError('forbidden', `This needs a token with the scope "${scope}".`);
  if (!roleMay(viewer.role, permission)) {
    const may = permissions[permission].roles.join(', ');
    throw new AppError('forbidden', `Your role here is ${viewer.role}; this is for: ${may}.`);
  }
}
