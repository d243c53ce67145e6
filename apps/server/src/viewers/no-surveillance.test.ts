import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { roles as processRoles } from '../config.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { listOperations, readApiDocument } from '../reference/api-document.ts';
import { areas } from '../runtime/areas.ts';
import { loadConnectors, loadMetrics, loadWidgets } from '../runtime/load-extensions.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { findSurveillance, findUnused, type Named, type Reviewed } from './testing/find-surveillance.ts';

/** Columns that hold such a word, and what they are. Whoever adds one says so here, and somebody else reads it. */
const reviewedColumns: Reviewed = {};

/** The same for what is sent and answered. */
const reviewedProperties: Reviewed = {};

let api: TestApi;
let columns: Named[];
let properties: Named[];

beforeAll(async () => {
  api = await openTestApi({
    areas: [...new Set([...areas(processRoles), registerIngestRoutes])],
    deps: () => ({ connectors: loadConnectors(), metrics: loadMetrics(), widgets: loadWidgets() }),
  });
  columns = await readColumns();
  const document = readApiDocument(api.app);
  properties = listProperties({ paths: document.paths, ...document.components.schemas });
});
afterAll(() => api.close());

/** Every column of every table, in whatever schema: also of libraries. */
async function readColumns(statement = ''): Promise<Named[]> {
  const client = await openClient(api.store.logins.owner, 'the test', () => undefined);
  await client.query('begin');
  if (statement !== '') await client.query(statement);
  const { rows } = await client.query<Named>(
    `select n.nspname || '.' || c.relname as place, a.attname as name
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
       and n.nspname !~ '^(pg_|information_schema$)'
     order by 1, 2`,
  );
  await client.query('rollback');
  await client.end();
  return [...rows, ...[...new Set(rows.map(({ place }) => place))].map((place) => ({ place: 'table', name: place }))];
}

/** Every property of every shape, and every parameter of an address. */
function listProperties(shapes: Record<string, unknown>): Named[] {
  const found = new Map<string, Named>();
  const visit = (place: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'properties' && typeof inner === 'object' && inner !== null)
        for (const name of Object.keys(inner)) found.set(`${place}.${name}`, { place, name });
      if (key === 'name' && typeof inner === 'string' && 'in' in value)
        found.set(`${place}.${inner}`, { place, name: inner });
      visit(place, inner);
    }
  };
  for (const [place, shape] of Object.entries(shapes)) {
    if (place === 'paths')
      for (const { path, operation } of listOperations(readApiDocument(api.app))) visit(path, operation);
    else visit(place, shape);
  }
  return [...found.values()];
}

describe('what is never collected', () => {
  it('has no column that could hold it', () => {
    expect(columns.length).toBeGreaterThan(150);
    expect(findSurveillance(columns, reviewedColumns)).toEqual([]);
  });

  it('has no place in anything that is sent or answered', () => {
    expect(properties.length).toBeGreaterThan(150);
    expect(findSurveillance(properties, reviewedProperties)).toEqual([]);
  });

  it('has no exception that nothing needs', () => {
    expect(findUnused(columns, reviewedColumns)).toEqual([]);
    expect(findUnused(properties, reviewedProperties)).toEqual([]);
  });

  it.each([
    'create table desk_log (person_id uuid, key_strokes integer)',
    'create table desk_log (person_id uuid, "windowTitle" text)',
    'create table webcam_pictures (person_id uuid, body bytea)',
    'alter table people add column last_screenshot bytea',
    'alter table people add column mouse_distance_px integer',
    'alter table people add column office_latitude numeric',
    'alter table people_members add column rank integer',
    'create schema tracker; create table tracker.spans (person_id uuid, idle_seconds integer)',
  ])('would be found: %s', async (statement) => {
    const found = findSurveillance(await readColumns(statement), reviewedColumns);
    expect(found).toHaveLength(1);
  });

  it('would be found in what is sent', () => {
    const shape = {
      Span: {
        type: 'object',
        properties: { from: {}, activeWindow: {}, nested: { properties: { clipboardText: {} } } },
      },
    };
    expect(findSurveillance(listProperties(shape), reviewedProperties)).toEqual([
      'Span.activeWindow: what somebody sees',
      'Span.clipboardText: what somebody copies',
    ]);
  });
});

describe('people are never ranked', () => {
  it('by a number whose name says so, or by a parameter that would sort them', () => {
    const numbers = [...loadMetrics().values()].map(({ id, title }) => `${id} ${title}`);
    const tiles = [...loadWidgets().values()].map(({ widget }) => `${widget.id} ${widget.title}`);
    expect(
      [...numbers, ...tiles].filter((name) =>
        /\b(rank|ranking|leader|leaderboard|worst|top)\b|best (person|people|author)/i.test(name),
      ),
    ).toEqual([]);
    const sorting = listOperations(readApiDocument(api.app)).flatMap(({ path, operation }) =>
      operation.parameters.filter(({ name }) => /sort|order|rank/i.test(name)).map(({ name }) => `${path} ${name}`),
    );
    expect(sorting).toEqual([]);
  });

  it('by a number of people that says which way is good for one of them', () => {
    const cut = [...loadMetrics().values()].filter((metric) => metric.kind !== 'derived' && metric.parts === 'person');
    expect(cut.map(({ id }) => id)).toEqual(['commits_by_person']);
    expect(cut.every(({ better }) => better === 'neither')).toBe(true);
  });
});
