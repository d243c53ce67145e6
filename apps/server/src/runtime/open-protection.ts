import { openRedisLimits } from '@devpulse/queue/redis-limits';
import type { Store } from '@devpulse/db/open-store';
import { type Config, ConfigError } from '../config.ts';
import type { App } from '../deps.ts';
import type { Logger } from '../log.ts';
import { openRedisBackedLimits, openStoreLimits } from '../protect/limit-store.ts';
import { openLimiter } from '../protect/open-limiter.ts';
import type { Protection } from '../protect/protection.ts';
import { openTlsFiles, type TlsFiles } from '../protect/tls-files.ts';

/** What stands between the network and the routes, and how to put it away. */
export interface OpenProtection extends Protection {
  /** Has the server take over renewed certificates. */
  follow(app: App): void;
  close(): Promise<void>;
}

/** Opens it as it was configured; throws a `ConfigError` where a certificate cannot be used. */
export function openProtection(options: { config: Config; store: Store; log: Logger }): OpenProtection {
  const { config, store, log } = options;
  const tls = openTls(config);
  const redis =
    config.redisUrl === undefined
      ? null
      : openRedisLimits({ url: config.redisUrl, prefix: 'devpulse', report: () => undefined });
  const inStore = openStoreLimits(store);
  let unfollow = (): void => undefined;
  return {
    limits: config.limits,
    limiter: openLimiter(redis === null ? inStore : openRedisBackedLimits(redis, inStore, log)),
    trustedProxies: config.trustedProxies,
    tls,
    follow: (app) => {
      // With a certificate the server is one of TLS, which its type does not say.
      if (tls !== null) unfollow = tls.follow(app.server as unknown as Parameters<TlsFiles['follow']>[0], log);
    },
    close: async () => {
      unfollow();
      await redis?.close();
    },
  };
}

function openTls({ tlsCert, tlsKey }: Config): TlsFiles | null {
  if (tlsCert === undefined || tlsKey === undefined) return null;
  try {
    return openTlsFiles({ cert: tlsCert, key: tlsKey });
  } catch (error) {
    throw new ConfigError(`DEVPULSE_TLS_CERT, DEVPULSE_TLS_KEY: cannot be used: ${(error as Error).message}`);
  }
}
