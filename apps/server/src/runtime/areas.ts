import type { RegisterRoutes } from '../deps.ts';
import { registerHealthDetailRoute, registerHealthRoutes } from '../health/routes.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { registerJobRoutes } from '../jobs/routes.ts';
import { registerMetricRoutes } from '../metrics/routes.ts';
import { registerPeopleRoutes } from '../people/routes.ts';
import { registerReferenceRoutes } from '../reference/routes.ts';
import { registerSourceRoutes } from '../sources/routes.ts';

/** The routes of a process: workers and schedulers answer only for their health. */
export function areas(roles: readonly string[]): readonly RegisterRoutes[] {
  if (!roles.includes('api')) return [registerHealthRoutes];
  return [
    registerHealthRoutes,
    registerReferenceRoutes,
    registerMetricRoutes,
    registerIngestRoutes,
    registerPeopleRoutes,
    registerSourceRoutes,
    registerJobRoutes,
    registerHealthDetailRoute,
  ];
}
