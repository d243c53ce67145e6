import { AppError } from '@devpulse/contract/errors';
import { type Permission, permissions, roleMay, scopeOf } from '@devpulse/contract/permissions';
import type { RefusalNotes } from '../audit/note-refusals.ts';
import type { App, Viewer } from '../deps.ts';
import type { Authenticator } from './open-authenticator.ts';

/** The one place where it is decided whether a request may go on: no route decides for itself, none can be forgotten. */
export function guardRoutes(app: App, authenticator: Authenticator, refusals: RefusalNotes): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say which permission it asks for`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const { permission, admit } = request.routeOptions.config;
    if (request.is404 || permission === 'public') return;
    const { viewer, proof } = (await admit?.(request)) ?? (await authenticator.authenticate(request));
    if (permission === undefined) throw new Error('a route without a permission was not refused at the start');
    try {
      demand(viewer, permission);
    } catch (error) {
      await refusals.note(request, viewer, permission);
      throw error;
    }
    request.viewer = viewer;
    request.proof = proof;
  });
}

function demand(viewer: Viewer, permission: Permission): void {
  const scope = scopeOf(permission);
  // A device that was stolen must not be able to make itself others, or tokens that outlive it.
  if (scope === null && viewer.via !== 'session')
    throw new AppError('forbidden', `No ${viewer.via} may do this; only a person who signed in.`);
  if (scope !== null && !viewer.scopes.includes(scope))
    throw new AppError('forbidden', `This needs a token with the scope "${scope}".`);
  if (!roleMay(viewer.role, permission)) {
    const may = permissions[permission].roles.join(', ');
    throw new AppError('forbidden', `Your role here is ${viewer.role}; this is for: ${may}.`);
  }
}
