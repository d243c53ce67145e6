import type { LimitSettings } from './limit-classes.ts';
import type { Limiter } from './open-limiter.ts';
import type { TlsFiles } from './tls-files.ts';

/** What stands between the network and the routes. */
export interface Protection {
  limits: LimitSettings;
  limiter: Limiter;
  /** Addresses and networks of proxies whose word on who asks, how and for which host is taken. */
  trustedProxies: readonly string[];
  tls: TlsFiles | null;
}
