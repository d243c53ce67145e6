import type { App, ServerDeps } from '../deps.ts';
import { registerDeadLetterRoutes } from './dead-letter-routes.ts';
import { registerEventRoutes } from './event-routes.ts';
import { registerRawEventRoutes } from './raw-event-routes.ts';

/** Raw events: in, to be looked at, and once more where they could not be read. */
export function registerIngestRoutes(app: App, deps: ServerDeps): void {
  registerEventRoutes(app, deps);
  registerRawEventRoutes(app, deps);
  registerDeadLetterRoutes(app, deps);
}
