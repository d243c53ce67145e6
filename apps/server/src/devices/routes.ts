import type { App, ServerDeps } from '../deps.ts';
import { registerDeviceRoutes } from './device-routes.ts';
import { registerPairingRoutes } from './pairing-routes.ts';
import { registerSessionRoutes } from './session-routes.ts';

/** What is signed in: sessions of browsers, and devices that were paired. */
export function registerSignedInRoutes(app: App, deps: ServerDeps): void {
  registerSessionRoutes(app, deps);
  registerDeviceRoutes(app, deps);
  registerPairingRoutes(app, deps);
}
