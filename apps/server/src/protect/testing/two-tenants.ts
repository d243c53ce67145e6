import { openClient } from '@devpulse/db/connection';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { startSourceServer } from '@devpulse/http-client/testing/source-server';
import type pg from 'pg';
import { roles } from '../../config.ts';
import type { ServerDeps } from '../../deps.ts';
import { type ApiDocument, readApiDocument } from '../../reference/api-document.ts';
import { areas } from '../../runtime/areas.ts';
import { loadMetrics, loadWidgets } from '../../runtime/load-extensions.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { type ApiRoute, isUnsafe, listRoutes, type Method } from './api-routes.ts';
import { fillTenant, type Tenant } from './fill-tenant.ts';
import { fillPath, type Ids, knownValues, readIds } from './sample-makers.ts';
import { fullSampleOf, sampleOf, type Schema } from './sample-values.ts';
import { withoutLimits } from './without-limits.ts';

/** Two workspaces that know nothing of each other, behind the whole API. */
export interface TwoTenants {
  api: TestApi;
  document: ApiDocument;
  routes: ApiRoute[];
  own: Tenant;
  other: Tenant;
  /** Signed in as somebody whom row-level security does not bind. */
  admin: pg.Client;
  /** The tables with a `workspace_id`. */
  tables: string[];
  close(): Promise<void>;
}

/** Opens and fills them. */
export async function openTwoTenants(
  deps: (usual: ServerDeps) => Partial<ServerDeps> = () => ({}),
): Promise<TwoTenants> {
  // A GitHub that knows nobody, whatever is asked: nothing leaves this machine.
  const github = await startSourceServer();
  github.answer({ status: 401, json: { message: 'Bad credentials' } });
  const githubHost = { host: '127.0.0.1', url: github.url, apiUrl: github.url };
  const api = await openTestApi({
    areas: areas(roles),
    deps: (usual) => ({
      metrics: loadMetrics(),
      widgets: loadWidgets(),
      githubHost,
      ...withoutLimits(usual),
      ...deps(usual),
    }),
  });
  const own = await fillTenant(api, api, 'own-mark');
  const other = await fillTenant(api, await api.addWorkspace(), 'alien-canary');
  const { admin: login } = findTestServer();
  const { database } = api.store.logins.owner;
  const admin = await openClient({ ...login, database }, 'the test', () => undefined);
  return {
    api,
    document: readApiDocument(api.app),
    routes: listRoutes(api.app),
    own,
    other,
    admin,
    tables: await readTables(admin),
    close: async () => {
      await admin.end();
      await api.close();
      await github.close();
    },
  };
}

async function readTables(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  return rows.map((row) => row.name);
}

/** A request that a route can take, with the ids of one workspace wherever it asks for some. */
export interface Sample {
  method: Method;
  url: string;
  payload?: string;
  headers: Record<string, string>;
}

/** Makes the least one from the schema of the route. */
export function sampleFor(world: Pick<TwoTenants, 'document'>, route: ApiRoute, ids: Ids): Sample {
  const known = knownValues(ids);
  const query = route.operation.parameters.filter(
    (parameter) => parameter.in === 'query' && parameter.required === true,
  );
  const search = new URLSearchParams(
    query.map((parameter): [string, string] => [
      parameter.name,
      String(sampleOf(world.document, parameter.schema as Schema, known, parameter.name)),
    ]),
  ).toString();
  const url = `${fillPath(route, ids)}${search === '' ? '' : `?${search}`}`;
  const body = route.operation.requestBody?.content['application/json'] as { schema?: Schema } | undefined;
  if (body?.schema === undefined) return { method: route.method, url, headers: {} };
  return {
    method: route.method,
    url,
    payload: JSON.stringify(sampleOf(world.document, body.schema, known)),
    headers: { 'content-type': 'application/json' },
  };
}

/** The same with every field in the body, also those that may be left out. */
export function fullSampleFor(world: Pick<TwoTenants, 'document'>, route: ApiRoute, ids: Ids): Sample {
  const sample = sampleFor(world, route, ids);
  const body = route.operation.requestBody?.content['application/json'] as { schema?: Schema } | undefined;
  if (body?.schema === undefined) return sample;
  return { ...sample, payload: JSON.stringify(fullSampleOf(world.document, body.schema, knownValues(ids))) };
}

/** Asks with a sample as the owner of a workspace. */
export async function askAs(
  world: Pick<TwoTenants, 'api'>,
  tenant: Tenant,
  sample: Sample,
  by: 'token' | 'session' = 'session',
) {
  const proof: Record<string, string> =
    by === 'token'
      ? { authorization: `Bearer ${tenant.token}` }
      : { cookie: tenant.cookie, ...(isUnsafe(sample) ? { 'sec-fetch-site': 'same-origin' } : {}) };
  return world.api.app.inject({ ...sample, headers: { ...sample.headers, ...proof } });
}

/** The ids of a tenant. */
export function idsOf(world: Pick<TwoTenants, 'api'>, tenant: Tenant): Promise<Ids> {
  return readIds(world.api, tenant);
}

/** What says when something was last used or seen, which asking may change. */
const seenColumns = /^(last_used_at|last_seen_at|expires_at|looked_at|updated_at)$/;

/** One sum over all rows of a workspace in every table, so that any change of any of them shows. */
export async function fingerprint(world: TwoTenants, workspaceId: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const table of [...world.tables, 'workspaces']) {
    const { rows: columns } = await world.admin.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by 1`,
      [table],
    );
    const kept = columns.map((column) => column.name).filter((name) => !seenColumns.test(name));
    const list = kept.map((name) => `"${name}"`).join(', ');
    const key = table === 'workspaces' ? 'id' : 'workspace_id';
    const { rows } = await world.admin.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(line, ',' order by line)), '') as sum
       from (select row(${list})::text as line from ${table} where ${key} = $1) as lines`,
      [workspaceId],
    );
    sums[table] = rows[0]?.sum ?? '';
  }
  return sums;
}
