import { registerAccountRoutes } from '../accounts/routes.ts';
import { registerBoardRoutes } from '../boards/routes.ts';
import { registerDemoRoutes } from '../demo/routes.ts';
import type { RegisterRoutes } from '../deps.ts';
import { registerFaultRoutes } from '../faults/routes.ts';
import { registerHealthDetailRoute, registerHealthRoutes } from '../health/routes.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { registerJobRoutes } from '../jobs/routes.ts';
import { registerLiveRoutes } from '../live/routes.ts';
import { registerMetricRoutes } from '../metrics/routes.ts';
import { registerPeopleRoutes } from '../people/routes.ts';
import { registerReferenceRoutes } from '../reference/routes.ts';
import { registerSourceRoutes } from '../sources/routes.ts';
import { registerWebRoutes } from '../web/routes.ts';

/** The routes of a process: workers and schedulers answer only for their health. */
export function areas(roles: readonly string[]): readonly RegisterRoutes[] {
  if (!roles.includes('api')) return [registerHealthRoutes];
  return [
    registerHealthRoutes,
    registerWebRoutes,
    registerReferenceRoutes,
    registerAccountRoutes,
    registerMetricRoutes,
    registerBoardRoutes,
    registerIngestRoutes,
    registerPeopleRoutes,
    registerSourceRoutes,
    registerDemoRoutes,
    registerLiveRoutes,
    registerJobRoutes,
    registerFaultRoutes,
    registerHealthDetailRoute,
  ];
}
