import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorCatalogue, errorCodes } from '@devpulse/contract/errors';
import { type Permission, scopeOf } from '@devpulse/contract/permissions';
import { publicRoutes } from '../protect/testing/public-routes.ts';
import { areas } from '../runtime/areas.ts';
import type { RegisterRoutes } from '../deps.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { roles } from '../config.ts';
import { type ApiDocument, listOperations, readApiDocument } from './api-document.ts';
import { registerReferenceRoutes } from './routes.ts';

let api: TestApi;
let document: ApiDocument;
let docs: string;
const served = new Set<string>();

beforeAll(async () => {
  const all = new Set([...areas(roles), registerReferenceRoutes]);
  const collect: RegisterRoutes = (app) =>
    void app.addHook('onRoute', ({ method, url }) => {
      if (method !== 'HEAD') served.add(`${String(method)} ${url}`);
    });
  api = await openTestApi({ areas: [collect, ...all] });
  document = (await api.app.inject('/openapi.json')).json();
  docs = (await api.app.inject('/docs')).body;
});
afterAll(() => api.close());

/** Below /api/ one has to be somebody, apart from where one becomes it. */
const isGuarded = ({ method, path }: { method: string; path: string }): boolean =>
  path.startsWith('/api/') && !Object.hasOwn(publicRoutes, `${method} ${path}`);

/** Every object in the document that has the given member. */
function findAll(part: unknown, member: string): Record<string, unknown>[] {
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.values(part).flatMap((each) => findAll(each, member));
  return member in part ? [part as Record<string, unknown>, ...inside] : inside;
}

describe('GET /openapi.json', () => {
  it('is the document that the server itself has', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(readApiDocument(api.app))));
    expect(document.openapi).toBe('3.1.0');
  });

  it('refers to nothing that is not in it, and holds no schema that nothing refers to', () => {
    const names = Object.keys(document.components.schemas);
    const referred = new Set(findAll(document, '$ref').map((part) => part['$ref']));
    expect(referred).toEqual(new Set(names.map((name) => `#/components/schemas/${name}`)));
    expect(names.length).toBeGreaterThan(15);
  });

  it('gives every operation a name of its own, a chapter that exists, a summary and whom it lets in', () => {
    const operations = listOperations(document);
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    const chapters = document.tags.map((tag) => tag.name);
    for (const { method, path, operation } of operations) {
      expect(chapters).toEqual(expect.arrayContaining(operation.tags));
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      const ways = operation.security.map((way) => Object.keys(way)[0]);
      const permission = operation['x-permission'] as Permission | undefined;
      expect(permission !== undefined).toBe(isGuarded({ method, path }));
      expect(ways).toEqual(
        permission === undefined ? [] : scopeOf(permission) === null ? ['session'] : ['token', 'session'],
      );
    }
  });

  it('describes every parameter of every path, and no other', () => {
    for (const { path, operation } of listOperations(document)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(
        operation.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
      ).toEqual(inPath);
    }
  });

  it('says how every operation can fail, as problems whose codes are those of the catalogue', () => {
    for (const { method, path, operation } of listOperations(document)) {
      const failures = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      const statuses = failures.map(([status]) => status);
      expect(statuses).toEqual(
        expect.arrayContaining(isGuarded({ method, path }) ? ['401', '403', '500', '503'] : ['500']),
      );
      for (const [status, answer] of failures.filter(
        ([, each]) => each.content?.['application/problem+json'] !== undefined,
      )) {
        const codes = [...answer.description.matchAll(/`(\w+)`:/g)].map((match) => match[1] as ErrorCode);
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) expect(String(errorCatalogue[code].status)).toBe(status);
        expect(answer.content).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
      }
    }
    const problem = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } };
    expect(problem.properties.code.enum).toEqual(errorCodes);
  });

  it('has every route that the server has, apart from the pages', () => {
    const described = listOperations(document).map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(new Set(['GET /', 'GET /docs', ...described])).toEqual(served);
  });
});

describe('GET /docs', () => {
  it('holds every operation and every error, and every link on it leads somewhere', () => {
    for (const { path, operation } of listOperations(document)) {
      expect(docs).toContain(`id="${operation.operationId}"`);
      expect(docs).toContain(`<code>${path}</code>`);
    }
    for (const code of errorCodes) expect(docs).toContain(`id="error-${code}"`);
    const ids = new Set([...docs.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const [, target] of docs.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('is the place that errors point to', async () => {
    const { type } = (await api.app.inject('/nowhere')).json<{ type: string }>();
    const [page, id] = type.split('#');
    expect(page).toBe('/docs');
    expect(docs).toContain(`id="${id}"`);
  });
});

describe('pages', () => {
  it('run no script, load nothing, and may use only the one style sheet they carry', async () => {
    for (const url of ['/', '/docs']) {
      const { body, headers, statusCode } = await api.app.inject(url);
      expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=|style="|https?:\/\/(?!localhost)/i);
      const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(body).toMatch(/^<!doctype html>\s*<html lang="en">/);
    }
  });

  it('say what runs, and nothing about anybody', async () => {
    const { body } = await api.app.inject({ url: '/', headers: { host: 'localhost:4321' } });
    expect(body).toContain('0.0.0-test');
    expect(body).toContain('http://localhost:4321');
    expect(body).toContain('answering');
    for (const secret of [api.workspaceId, api.ownerId, 'Test workspace', 'Owner']) expect(body).not.toContain(secret);
  });

  it('escape what comes from outside', async () => {
    const { body } = await api.app.inject({ url: '/', headers: { host: '"><script>alert(1)</script>' } });
    expect(body).not.toContain('<script');
    expect(body).toContain('http://localhost/api/v1/metrics/');
  });

  it('say so when the store does not answer', async () => {
    const dead = await openTestApi({ areas: [registerReferenceRoutes] });
    await dead.store.close();
    expect((await dead.app.inject('/')).body).toContain('not answering');
    await dead.app.close();
  });
});
