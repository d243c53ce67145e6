import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import type { ApiRoute } from './api-routes.ts';
import { openCookie } from './fill-tenant.ts';
import { happyPaths } from './happy-paths.ts';
import type { Ids } from './sample-makers.ts';
import { askAs, type Sample, sampleFor, type TwoTenants } from './two-tenants.ts';

/** Asks an operation as its happy path says, as the owner, with a session of its own. */
export async function succeed(world: TwoTenants, route: ApiRoute, ids: Ids): Promise<LightMyRequestResponse> {
  const { api, own } = world;
  const way = (await happyPaths[route.operation.operationId]?.(world)) ?? {};
  const sample = sampleFor(world, route, { ...ids, ...way.path });
  const search = new URLSearchParams(way.query).toString();
  const asked: Sample = {
    ...sample,
    url: search === '' ? sample.url : `${sample.url.split('?')[0]}?${search}`,
    headers: { ...sample.headers, ...way.headers },
    ...(way.payload === undefined
      ? {}
      : { payload: typeof way.payload === 'string' ? way.payload : JSON.stringify(way.payload) }),
  };
  return askAs(world, { ...own, cookie: way.cookie ?? (await openCookie(api, own)) }, asked);
}

/** What takes away comes last. */
export function inOrder(routes: readonly ApiRoute[]): ApiRoute[] {
  const order = (route: ApiRoute): number => (route.method === 'DELETE' ? 1 : 0);
  return routes.toSorted((a, b) => order(a) - order(b));
}

/** Whatever was done before, the owner is one again. */
export async function makeOwnerAgain({ api, own }: TwoTenants): Promise<void> {
  await api.store.inWorkspace(own.workspaceId, (trx) =>
    sql`update people_members set role = 'owner', deactivated_at = null where person_id = ${own.ownerId}`.execute(trx),
  );
}
