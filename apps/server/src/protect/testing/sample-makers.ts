import { sql } from 'kysely';
import type { TestApi } from '../../testing/open-test-api.ts';
import type { ApiRoute } from './api-routes.ts';
import type { Tenant } from './fill-tenant.ts';
import type { KnownValues } from './sample-values.ts';

/** An id that nothing has. */
export const unknownId = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';

/**
 * A statement, asked within the workspace; `made`: what filling the tenant gave; a list of the API, its first; a word that is the
 * same for everybody.
 */
type Place = string | { made: string } | { list: string; of: string } | { word: string };

/**
 * Where the ids in addresses and bodies come from: under the folder of an address (`/people/{id}`) or the name of a field. A route
 * whose ids are not found here fails the tests, which say what is missing.
 */
const idPlaces: Readonly<Record<string, Place>> = {
  people: `select id from people order by name limit 1`,
  'viewable-people': `select id from people order by name limit 1`,
  members: `select person_id as id from people_members limit 1`,
  identities: `select id from fact_identities order by name desc limit 1`,
  'raw-events': `select id from raw_events order by item_key limit 1`,
  deliveries: `select id from raw_events order by item_key limit 1`,
  'dead-letters': `select id from raw_events where state = 'dead' limit 1`,
  'link-decisions': `select batch_id as id from people_link_log limit 1`,
  'kind-rules': `select id from people_kind_rules where not built_in limit 1`,
  sources: `select id from sources limit 1`,
  connections: `select id from connections where state = 'ok' limit 1`,
  organisations: `select number as id from connection_organisations limit 1`,
  // There is no App here, and so no installation of it.
  'github-installations': { word: '1' },
  tokens: `select id from account_tokens limit 1`,
  teams: 'made',
  stays: 'made',
  invitations: 'made',
  exports: 'made',
  imports: 'made',
  transfers: { made: 'exports' },
  sessions: { list: '/api/v1/me/sessions', of: 'sessions' },
  devices: { list: '/api/v1/me/devices', of: 'devices' },
  workspaces: `select slug as id from workspace_slugs`,
  // Nobody has any here: what is said of an unknown one is said of every one.
  github: { word: unknownId },
  passkeys: { word: unknownId },
  hooks: { word: unknownId },
  faults: { word: unknownId },
  parts: { word: '0' },
  metrics: { word: 'commits' },
  widgets: { word: 'totals' },
  freezes: { word: '2026-12-24' },
  holidays: { word: '2026-12-24' },
};

/** Fields of bodies and queries whose value the schema cannot know; ids name a place above. */
const idFields: Readonly<Record<string, string>> = {
  personId: 'people',
  fromPersonId: 'people',
  toPersonId: 'people',
  identityId: 'identities',
  identityIds: 'identities',
  sourceId: 'sources',
  connectionId: 'connections',
  tokenId: 'tokens',
  teamId: 'teams',
  leaves: 'teams',
};

const words: Readonly<Record<string, unknown>> = {
  zone: 'Europe/Berlin',
  from: '2026-03-01',
  to: '2026-03-31',
  day: '2026-12-24',
  email: 'somebody@example.org',
  slug: 'a-slug',
  code: '123456',
  subject: 'workspace',
  by: 'day',
  userCode: 'ABCD-EFGH',
  pattern: 'a pattern of nobody',
  publicKey: undefined,
  secret: 'x'.repeat(43),
  deviceCode: 'x'.repeat(43),
};

/** The ids of one workspace, read once. */
export type Ids = Readonly<Record<string, string>>;

/** Reads an id for every place. */
export async function readIds(api: TestApi, tenant: Tenant): Promise<Ids> {
  const ids: Record<string, string> = { workspace: tenant.workspaceId };
  for (const [name, place] of Object.entries(idPlaces)) {
    const id = await readId(api, tenant, name, place);
    if (id === undefined) throw new Error(`there is nothing in the place "${name}": let fill-tenant.ts add something`);
    ids[name] = id;
  }
  return ids;
}

async function readId(api: TestApi, tenant: Tenant, name: string, place: Place): Promise<string | undefined> {
  if (place === 'made') return tenant.made[name];
  if (typeof place === 'string') {
    const { rows } = await api.store.inWorkspace(tenant.workspaceId, (trx) =>
      sql<{ id: string }>`${sql.raw(place)}`.execute(trx),
    );
    return rows[0]?.id;
  }
  if ('made' in place) return tenant.made[place.made];
  if ('word' in place) return place.word;
  const answer = await api.app.inject({ url: place.list, headers: { cookie: tenant.cookie } });
  return answer.json<Record<string, { id: string }[] | undefined>>()[place.of]?.[0]?.id;
}

/** Places that belong to nobody in particular: names of metrics, days. */
export function isSharedPlace(name: string): boolean {
  const place = idPlaces[name];
  return typeof place === 'object' && 'word' in place;
}

/** The folder before each parameter of an address. */
export function placesOf(route: Pick<ApiRoute, 'path'>): string[] {
  return [...route.path.matchAll(/([\w-]+)\/\{\w+\}/g)].map((match) => match[1] ?? '');
}

/** The address with everything filled in. */
export function fillPath(route: Pick<ApiRoute, 'path'>, ids: Ids): string {
  return route.path.replaceAll(/([\w-]+)\/\{(\w+)\}/g, (_all, place: string, name: string) => {
    const id = ids[place];
    if (id === undefined)
      throw new Error(`${route.path}: say in sample-makers.ts where {${name}} of "${place}" comes from`);
    return `${place}/${id}`;
  });
}

/** What fields hold, with the ids of one workspace. */
export function knownValues(ids: Ids): KnownValues {
  return (name, schema) => {
    const [field = ''] = name.split('.');
    if (field === 'workspaceId') return ids['workspace'];
    const place = idFields[field];
    if (place !== undefined && schema.type === 'string') return ids[place];
    return schema.type === 'string' && schema.enum === undefined ? words[field] : undefined;
  };
}
