import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screenPaths } from '@devpulse/contract/screens';
import { registerReferenceRoutes } from '../reference/routes.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerWebRoutes } from './routes.ts';

const script = 'document.documentElement.dataset.theme="dark"';
const page = `<!doctype html><html><head><script>${script}</script></head><body></body></html>`;
const code = 'console.log("screens")';

let folder: string;
let api: TestApi;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-web-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), page);
  await writeFile(path.join(folder, 'assets/app-1234.js'), code);
  await writeFile(path.join(folder, 'assets/app-1234.js.gz'), gzipSync(code));
  await writeFile(path.join(folder, 'sw.js'), '');
  await writeFile(path.join(folder, 'notes.secret'), 'not for the web');
  await writeFile(path.join(folder, 'built-from.txt'), 'hash');
  api = await openTestApi({ areas: [registerWebRoutes, registerReferenceRoutes], deps: () => ({ webFolder: folder }) });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

describe('the screens', () => {
  it.each([...screenPaths])(
    'answers %s with the page to everybody, and lets it run only what was built',
    async (url) => {
      const answer = await api.app.inject({ url });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(page);
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self'");
      // GitHub makes an App out of a form that is posted there; nothing else may be posted anywhere.
      expect(policy).toContain("form-action 'self' http://127.0.0.1:9;");
      expect(policy).not.toContain('unsafe');
      expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
      expect(answer.headers['cache-control']).toBe('no-cache');
    },
  );

  it('names the inline script in the policy by its own hash', async () => {
    const { createHash } = await import('node:crypto');
    const { headers } = await api.app.inject('/');
    expect(headers['content-security-policy']).toContain(createHash('sha256').update(script).digest('base64'));
  });

  it('sends built files compressed and for ever, and not again to whoever has them', async () => {
    const first = await api.app.inject({ url: '/assets/app-1234.js', headers: { 'accept-encoding': 'gzip' } });
    expect(first.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    expect(first.rawPayload.equals(gzipSync(code))).toBe(true);
    const etag = String(first.headers.etag);
    const again = await api.app.inject({ url: '/assets/app-1234.js', headers: { 'if-none-match': etag } });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });

  it('gives away nothing else of the folder', async () => {
    for (const url of ['/notes.secret', '/built-from.txt', '/index.html', '/assets/../../package.json', '/assets/']) {
      expect((await api.app.inject(url)).statusCode, url).toBe(404);
    }
  });

  it('tells a visitor by a page, and a program by a problem, that an address is nobody’s', async () => {
    const visit = { accept: 'text/html,application/xhtml+xml' };
    const seen = await api.app.inject({ url: '/nowhere', headers: visit });
    expect([seen.statusCode, seen.body]).toEqual([404, page]);
    expect(seen.headers['content-security-policy']).toContain("script-src 'self'");
    const etag = String(seen.headers.etag);
    expect((await api.app.inject({ url: '/nowhere', headers: { ...visit, 'if-none-match': etag } })).statusCode).toBe(
      404,
    );
    for (const [url, headers] of [
      ['/nowhere', {}],
      ['/api/v1/nowhere', visit],
      ['/assets/nowhere.js', visit],
    ] as const) {
      const answer = await api.app.inject({ url, headers });
      expect(answer.statusCode, url).toBe(404);
      expect(answer.json(), url).toMatchObject({ code: 'not_found' });
    }
  });

  it('lets the service worker fetch what it keeps', async () => {
    const { statusCode, headers } = await api.app.inject('/sw.js');
    expect(statusCode).toBe(200);
    expect(headers['content-security-policy']).toBe("default-src 'none'; connect-src 'self'");
  });
});

describe('a program whose screens nobody built', () => {
  it('draws the plain first page', async () => {
    const bare = await openTestApi({
      areas: [registerWebRoutes, registerReferenceRoutes],
      deps: () => ({ webFolder: path.join(folder, 'assets') }),
    });
    const answer = await bare.app.inject('/');
    expect(answer.body).toContain('DevPulse runs');
    await bare.close();
  });
});
