import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';
import type { App } from '../deps.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { isLoopback, refuseOpenPlainHttp } from './check-exposure.ts';
import { usualLimits } from './limit-classes.ts';
import { openStoreLimits } from './limit-store.ts';
import { openLimiter } from './open-limiter.ts';

function registerEcho(app: App): void {
  app.get('/api/v1/echo', {
    config: { permission: 'public' },
    handler: async ({ ip, protocol, host }) => ({ ip, protocol, host }),
  });
}

let api: TestApi;

async function open(
  trustedProxies: string[],
): Promise<(from: string, headers: Record<string, string>) => Promise<unknown>> {
  api = await openTestApi({
    areas: [registerEcho],
    deps: ({ store }) => ({
      protection: { limits: usualLimits, limiter: openLimiter(openStoreLimits(store)), trustedProxies, tls: null },
    }),
  });
  return async (remoteAddress, headers) => {
    const response = await api.app.inject({
      url: '/api/v1/echo',
      remoteAddress,
      headers: { host: 'inside', ...headers },
    });
    return response.json();
  };
}

const said = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'devpulse.test' };

describe('who asks, how and for which host', () => {
  afterEach(() => api.close());

  it('is what the connection says while no proxy is trusted', async () => {
    const ask = await open([]);
    expect(await ask('127.0.0.1', said)).toEqual({ ip: '127.0.0.1', protocol: 'http', host: 'inside' });
  });

  it('is what a trusted proxy says, and nobody else', async () => {
    const ask = await open(['10.1.0.0/16', '127.0.0.1']);
    const truth = { ip: '198.51.100.7', protocol: 'https', host: 'devpulse.test' };
    expect(await ask('127.0.0.1', said)).toEqual(truth);
    expect(await ask('10.1.2.3', said)).toEqual(truth);
    expect(await ask('10.2.0.1', said)).toEqual({ ip: '10.2.0.1', protocol: 'http', host: 'inside' });
  });

  it('is the nearest address that is no proxy of ours: what stands before it was made up by that one', async () => {
    const ask = await open(['10.1.0.0/16']);
    const forged = { ...said, 'x-forwarded-for': '127.0.0.1, 192.0.2.66, 198.51.100.7, 10.1.0.9' };
    expect(await ask('10.1.2.3', forged)).toMatchObject({ ip: '198.51.100.7' });
  });
});

describe('refuseOpenPlainHttp', () => {
  const check = (argv: string[], env: Record<string, string> = {}) => {
    refuseOpenPlainHttp(readConfig(argv, env));
  };

  it('lets nobody listen for others without TLS, and says every way out', () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'devpulse.example.org']) {
      expect(() => check(['--host', host]), host).toThrow(ConfigError);
      expect(() => check(['--host', host])).toThrow(/DEVPULSE_TLS_CERT[\s\S]*TRUSTED_PROXIES[\s\S]*ALLOW_PLAIN_HTTP/);
    }
  });

  it('lets pass what stays on this machine, is encrypted, or was said explicitly', () => {
    for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) check(['--host', host]);
    check(['--host', '0.0.0.0'], { DEVPULSE_TRUSTED_PROXIES: '10.0.0.1' });
    check(['--host', '0.0.0.0'], { DEVPULSE_ALLOW_PLAIN_HTTP: 'true' });
    check(['--host', '0.0.0.0'], { DEVPULSE_TLS_CERT: '/a', DEVPULSE_TLS_KEY: '/b' });
    check(['--host', '0.0.0.0', '--roles', 'worker']);
    expect(isLoopback('128.0.0.1')).toBe(false);
  });

  it('refuses a certificate without its key', () => {
    expect(() => check([], { DEVPULSE_TLS_CERT: '/a' })).toThrow('DEVPULSE_TLS_KEY: is missing');
    expect(() => check([], { DEVPULSE_TLS_KEY: '/a' })).toThrow('DEVPULSE_TLS_CERT: is missing');
  });
});
