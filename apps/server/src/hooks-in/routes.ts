import type { App, ServerDeps } from '../deps.ts';
import { registerDeliveryRoutes } from './delivery-routes.ts';
import { registerHookRoutes } from './hook-routes.ts';
import { openHookSecrets } from './hook-secrets.ts';
import { registerIntakeRoutes } from './intake-route.ts';

/** Webhooks: what GitHub tells by itself. */
export function registerHooksInRoutes(app: App, deps: ServerDeps): void {
  const secrets = openHookSecrets(deps);
  registerIntakeRoutes(app, deps, secrets);
  registerHookRoutes(app, deps, secrets);
  registerDeliveryRoutes(app, deps);
}
