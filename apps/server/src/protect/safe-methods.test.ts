import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isUnsafe, nameOf } from './testing/api-routes.ts';
import { safeHeaders } from './safe-headers.ts';
import { type Ids, knownValues } from './testing/sample-makers.ts';
import { sampleOf, type Schema } from './testing/sample-values.ts';
import {
  askAs,
  fingerprint,
  idsOf,
  openTwoTenants,
  type Sample,
  sampleFor,
  type TwoTenants,
} from './testing/two-tenants.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

let world: TwoTenants;
let ids: Ids;
beforeAll(async () => {
  world = await openTwoTenants();
  ids = await idsOf(world, world.own);
});
afterAll(() => world.close());

/** A stream never ends by itself, and is read elsewhere. */
const endless = new Set(['listenLive']);

describe('reading', () => {
  it('changes nothing, whatever is read', async () => {
    const before = await fingerprint(world, world.own.workspaceId);
    let good = 0;
    for (const route of world.routes.filter((each) => !isUnsafe(each) && !endless.has(each.operation.operationId))) {
      const sample = sampleFor(world, route, ids);
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await askAs(world, world.own, { ...sample, method } as Sample);
        expect(answer.statusCode, `${method} ${sample.url}: ${answer.body}`).toBeLessThan(500);
        if (answer.statusCode === 200) good += 1;
      }
    }
    expect(good).toBeGreaterThan(40);
    // That somebody looked, or took an export along, is written down by design.
    const after = await fingerprint(world, world.own.workspaceId);
    for (const table of ['viewer_looks', 'audit_chains', 'audit_entries']) delete before[table];
    expect(after).toMatchObject(before);
  });
});

/** Where a request may come from that no page of ours made. */
const foreign: Record<string, string>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none' },
  { origin: 'https://evil.example.org' },
  { origin: 'null' },
  { origin: 'http://localhost:1' },
  {},
];

describe('changing something with a cookie', () => {
  it('is refused on every route unless a page of ours asks', async () => {
    const before = await fingerprint(world, world.own.workspaceId);
    const unsafe = world.routes.filter((route) => isUnsafe(route) && route.permission !== null);
    expect(unsafe.length).toBeGreaterThan(20);
    for (const route of unsafe) {
      const sample = sampleFor(world, route, ids);
      for (const headers of foreign) {
        const answer = await world.api.app.inject({
          ...sample,
          headers: { ...sample.headers, ...headers, host: 'localhost', cookie: world.own.cookie },
        });
        expect(answer.statusCode, `${nameOf(route)} from ${JSON.stringify(headers)}`).toBe(403);
        expect(answer.json<{ detail: string }>().detail).toContain('page of this server');
      }
    }
    expect(await fingerprint(world, world.own.workspaceId)).toEqual(before);
  });

  it('is refused to a form of another page, which can send three types and no header', async () => {
    for (const route of world.routes.filter(isUnsafe)) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const { method, url } = sampleFor(world, route, ids);
        const headers = { 'content-type': type, cookie: world.own.cookie, origin: 'https://evil.example.org' };
        const answer = await world.api.app.inject({ method, url, headers, payload: '{}' });
        expect(answer.statusCode, `${nameOf(route)} as ${type}`).toBeGreaterThanOrEqual(400);
        expect(answer.statusCode, `${nameOf(route)} as ${type}`).toBeLessThan(500);
      }
    }
  });
});

describe('every answer', () => {
  it('carries the headers that keep a browser from doing anything with it', async () => {
    for (const route of world.routes.filter((each) => !endless.has(each.operation.operationId))) {
      const { method, url } = sampleFor(world, route, ids);
      const { headers } = await world.api.app.inject({ method, url });
      for (const [name, value] of Object.entries(safeHeaders))
        expect(headers[name], `${nameOf(route)} ${name}`).toBe(value);
      expect(headers['access-control-allow-origin'], nameOf(route)).toBeUndefined();
      expect(headers['server'] ?? headers['x-powered-by'], nameOf(route)).toBeUndefined();
    }
  });
});

describe('a sample', () => {
  it('can be made of every body that the document describes', () => {
    for (const route of world.routes) {
      const body = route.operation.requestBody?.content['application/json'] as { schema?: Schema } | undefined;
      if (body?.schema === undefined) continue;
      expect(sampleOf(world.document, body.schema, knownValues(ids)), nameOf(route)).not.toBeUndefined();
    }
  });
});
