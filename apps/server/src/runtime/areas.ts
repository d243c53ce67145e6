import { registerAccountRoutes } from '../accounts/routes.ts';
import { registerAuditRoutes } from '../audit/routes.ts';
import { registerBoardRoutes } from '../boards/routes.ts';
import { registerConnectionsRoutes } from '../connections/routes.ts';
import { registerDemoRoutes } from '../demo/routes.ts';
import { registerSignedInRoutes } from '../devices/routes.ts';
import type { RegisterRoutes } from '../deps.ts';
import { registerExportRoutes } from '../exports/routes.ts';
import { registerFaultRoutes } from '../faults/routes.ts';
import { registerFlagRoutes } from '../flags/routes.ts';
import { registerGovernorRoutes } from '../governor/routes.ts';
import { registerHealthDetailRoute, registerHealthRoutes } from '../health/routes.ts';
import { registerHooksInRoutes } from '../hooks-in/routes.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { registerJobRoutes } from '../jobs/routes.ts';
import { registerLiveRoutes } from '../live/routes.ts';
import { registerMemberRoutes } from '../members/routes.ts';
import { registerMetricRoutes } from '../metrics/routes.ts';
import { registerPeopleRoutes } from '../people/routes.ts';
import { registerProfileRoutes } from '../profile/routes.ts';
import { registerPrivacyRoutes } from '../privacy/routes.ts';
import { registerReferenceRoutes } from '../reference/routes.ts';
import { registerSourceRoutes } from '../sources/routes.ts';
import { registerTeamRoutes } from '../teams/routes.ts';
import { registerViewerRoutes } from '../viewers/routes.ts';
import { registerTokenRoutes } from '../tokens/routes.ts';
import { registerWebRoutes } from '../web/routes.ts';
import { registerWorkspacesRoutes } from '../workspaces/routes.ts';

/** The routes of a process: workers and schedulers answer only for their health. */
export function areas(roles: readonly string[]): readonly RegisterRoutes[] {
  if (!roles.includes('api')) return [registerHealthRoutes];
  return [
    registerHealthRoutes,
    registerWebRoutes,
    registerReferenceRoutes,
    registerAccountRoutes,
    registerSignedInRoutes,
    registerTokenRoutes,
    registerMetricRoutes,
    registerBoardRoutes,
    registerIngestRoutes,
    registerPeopleRoutes,
    registerWorkspacesRoutes,
    registerMemberRoutes,
    registerTeamRoutes,
    registerViewerRoutes,
    registerProfileRoutes,
    registerSourceRoutes,
    registerConnectionsRoutes,
    registerGovernorRoutes,
    registerHooksInRoutes,
    registerDemoRoutes,
    registerExportRoutes,
    registerPrivacyRoutes,
    registerLiveRoutes,
    registerJobRoutes,
    registerFaultRoutes,
    registerHealthDetailRoute,
    registerAuditRoutes,
    registerFlagRoutes,
  ];
}
