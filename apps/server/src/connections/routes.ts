import type { App, ServerDeps } from '../deps.ts';
import { registerAppRoutes } from './app-routes.ts';
import { registerConnectionRoutes } from './connection-routes.ts';
import { registerInstallationRoutes } from './installation-routes.ts';
import { registerOauthRoutes } from './oauth-routes.ts';
import { registerRepositoryRoutes } from './repository-routes.ts';

/** The ways into GitHub: grants, tokens, the App, and what they reach. */
export function registerConnectionsRoutes(app: App, deps: ServerDeps): void {
  registerConnectionRoutes(app, deps);
  registerOauthRoutes(app, deps);
  registerRepositoryRoutes(app, deps);
  registerAppRoutes(app, deps);
  registerInstallationRoutes(app, deps);
}
