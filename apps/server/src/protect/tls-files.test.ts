import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerHealthRoutes } from '../health/routes.ts';
import { usualLimits } from './limit-classes.ts';
import { openStoreLimits } from './limit-store.ts';
import { openLimiter } from './open-limiter.ts';
import { makeAuthority } from './testing/make-certificate.ts';
import { openTlsFiles, type TlsFiles } from './tls-files.ts';

const authority = makeAuthority();
let folder: string;
let files: { cert: string; key: string };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-tls-'));
  files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(pair: { cert: string; key: string }): Promise<void> {
  await writeFile(files.cert, pair.cert);
  await writeFile(files.key, pair.key);
}

function openSecured(tls: TlsFiles): Promise<TestApi> {
  return openTestApi({
    areas: [registerHealthRoutes],
    deps: ({ store }) => ({
      protection: { limits: usualLimits, limiter: openLimiter(openStoreLimits(store)), trustedProxies: [], tls },
    }),
  });
}

interface Visit {
  status: number | undefined;
  headers: Record<string, unknown>;
  certificate: string;
}

/** One visit over a new connection by somebody who believes the authority alone. */
function visit(port: number): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/healthz', ca: authority.ca, agent: false, servername: 'devpulse.test' },
      (response) => {
        const { fingerprint256: certificate } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume();
        resolve({ status: response.statusCode, headers: response.headers, certificate });
      },
    );
    asked.on('error', reject).end();
  });
}

describe('a server with a certificate', () => {
  it('serves HTTPS alone, and says that it shall be asked so from now on', async () => {
    await put(authority.issue('devpulse.test'));
    const api = await openSecured(openTlsFiles(files));
    const { port } = await api.listen();
    const { status, headers } = await visit(port);
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
    await api.close();
  });

  it('takes over a renewed certificate without a restart, and keeps the old one while the new one is half there', async () => {
    await put(authority.issue('devpulse.test'));
    const tls = openTlsFiles(files, { lookEveryMs: 20 });
    const api = await openSecured(tls);
    const unfollow = tls.follow(api.app.server as unknown as Parameters<TlsFiles['follow']>[0], api.deps.log);
    const { port } = await api.listen();
    const { certificate: first } = await visit(port);
    const renewed = authority.issue('devpulse.test');
    await writeFile(files.cert, '');
    await expect.poll(() => api.lines.join('')).toContain('the old one stays');
    await writeFile(files.cert, renewed.cert);
    api.lines.length = 0;
    await expect.poll(() => api.lines.join('')).toContain('the old one stays');
    expect((await visit(port)).certificate).toBe(first);
    await writeFile(files.key, renewed.key);
    await expect.poll(async () => (await visit(port)).certificate).not.toBe(first);
    expect((await visit(port)).status).toBe(200);
    unfollow();
    await api.close();
  });
});

describe('openTlsFiles', () => {
  it('refuses files that are missing, no certificate, or do not belong together', async () => {
    expect(() => openTlsFiles(files)).toThrow('ENOENT');
    await put({ cert: 'x', key: 'y' });
    expect(() => openTlsFiles(files)).toThrow(/PEM|wrong tag|error/i);
    await put({ cert: '', key: authority.issue('a').key });
    expect(() => openTlsFiles(files)).toThrow(/PEM|wrong tag|error/i);
    await put({ cert: authority.issue('a').cert, key: authority.issue('b').key });
    expect(() => openTlsFiles(files)).toThrow('the key is not that of the certificate');
  });
});

describe('plain HTTP', () => {
  it('does not tell anybody to come by TLS', async () => {
    const api = await openTestApi({ areas: [registerHealthRoutes] });
    const response = await api.app.inject({ url: '/healthz', headers: { 'x-forwarded-proto': 'https' } });
    expect(response.headers['strict-transport-security']).toBeUndefined();
    await api.close();
  });
});
