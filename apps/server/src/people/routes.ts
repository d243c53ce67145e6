import type { App, ServerDeps } from '../deps.ts';
import { registerAuthorRoutes } from './author-routes.ts';
import { registerIdentityRoutes } from './identity-routes.ts';
import { registerKindRuleRoutes } from './kind-rule-routes.ts';
import { registerMeRoutes } from './me-routes.ts';
import { registerPersonRoutes } from './person-routes.ts';
import { registerSuggestionRoutes } from './suggestion-routes.ts';
import { registerWorkspaceRoutes } from './workspace-routes.ts';

/** Who is who, what counts as a person, and the settings by which days are cut. */
export function registerPeopleRoutes(app: App, deps: ServerDeps): void {
  registerMeRoutes(app, deps);
  registerAuthorRoutes(app, deps);
  registerWorkspaceRoutes(app, deps);
  registerPersonRoutes(app, deps);
  registerIdentityRoutes(app, deps);
  registerSuggestionRoutes(app, deps);
  registerKindRuleRoutes(app, deps);
}
