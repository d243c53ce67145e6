import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorCatalogue, errorCodes } from '@devpulse/contract/errors';
import { roles } from '../config.ts';
import { type ApiDocument, listOperations, readApiDocument } from '../reference/api-document.ts';
import { areas } from '../runtime/areas.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';

let api: TestApi;
let document: ApiDocument;
beforeAll(async () => {
  api = await openTestApi({ areas: areas(roles) });
  document = readApiDocument(api.app);
});
afterAll(() => api.close());

const written = readFileSync(fileURLToPath(new URL('../../../../docs/generated/errors.md', import.meta.url)), 'utf8');

/** The rows of the written reference: code, status, title, advice, whether it may succeed later. */
function readWritten(): string[][] {
  const table = written.slice(written.indexOf('## Errors of the API'), written.indexOf('## Why an item'));
  return [...table.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.*?) \| (.*?) \| (yes|no) \|$/gm)].map((match) =>
    match.slice(1),
  );
}

describe('the catalogue of errors', () => {
  it('is the one in the written reference, to the word', () => {
    expect(readWritten()).toEqual(
      errorCodes.map((code) => {
        const { status, title, advice, retry } = errorCatalogue[code];
        return [code, String(status), title, advice, retry ? 'yes' : 'no'];
      }),
    );
  });

  it('is the one in the OpenAPI document: the same codes, each under its own status', () => {
    const problem = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } };
    expect(problem.properties.code.enum).toEqual(errorCodes);
    const named = new Set<ErrorCode>();
    for (const { method, path, operation } of listOperations(document)) {
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        if (content?.['application/problem+json'] === undefined) continue;
        const codes = [...description.matchAll(/`(\w+)`:/g)].map((match) => match[1] as ErrorCode);
        expect(codes.length, `${method} ${path} ${status}`).toBeGreaterThan(0);
        for (const code of codes) {
          expect(errorCodes, `${method} ${path}`).toContain(code);
          expect(String(errorCatalogue[code].status), `${method} ${path} ${code}`).toBe(status);
          named.add(code);
        }
      }
    }
    // These are answered before it is known which operation is meant.
    const beforeAnyRoute: ErrorCode[] = ['method_not_allowed', 'request_timeout'];
    expect([...named, ...beforeAnyRoute].toSorted()).toEqual([...errorCodes].toSorted());
  });

  it('is the one that people read, with the place that each error points to', async () => {
    const page = (await api.app.inject('/docs')).body;
    for (const code of errorCodes) expect(page).toContain(`id="error-${code}"`);
    expect([...page.matchAll(/ id="error-(\w+)"/g)].map((match) => match[1])).toEqual(errorCodes);
  });

  it('is the only source of errors: what a route answers has a code of it, and its status', async () => {
    for (const [method, url, code] of [
      ['GET', '/api/v1/nowhere', 'not_found'],
      ['PUT', '/api/v1/me', 'method_not_allowed'],
      ['GET', '/api/v1/me', 'unauthenticated'],
    ] as const) {
      const answer = await api.app.inject({ method, url });
      expect([answer.json<{ code: string }>().code, answer.statusCode]).toEqual([code, errorCatalogue[code].status]);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    }
  });
});
