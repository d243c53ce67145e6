import { AppError } from '@devpulse/contract/errors';
import type { App } from '../deps.ts';
import type { Authenticator } from './open-authenticator.ts';

/** The one place where it is decided whether a request may go on: no route decides for itself, none can be forgotten. */
export function guardRoutes(app: App, authenticator: Authenticator): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say which scope it asks for`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const { scope, admit } = request.routeOptions.config;
    if (request.is404 || scope === 'public') return;
    const viewer = (await admit?.(request)) ?? (await authenticator.authenticate(request));
    if (scope === undefined || !viewer.scopes.includes(scope)) {
      throw new AppError('forbidden', `This needs a token with the scope "${scope ?? 'none'}".`);
    }
    request.viewer = viewer;
  });
}
