import { BlockList, isIP } from 'node:net';
import { ConfigError, type Config } from '../config.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Can only this machine reach it? */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Passwords and tokens must not cross a network that others can read. Throws unless they do not, or somebody says that they
 * know.
 */
export function refuseOpenPlainHttp(
  config: Pick<Config, 'host' | 'tlsCert' | 'tlsKey' | 'trustedProxies' | 'allowPlainHttp' | 'roles'>,
): void {
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    const missing = config.tlsCert === undefined ? 'DEVPULSE_TLS_CERT' : 'DEVPULSE_TLS_KEY';
    throw new ConfigError(`${missing}: is missing; certificate and key go together`);
  }
  // A process that serves only its health says nothing that is secret.
  const isSafe = isLoopback(config.host) || config.tlsCert !== undefined || !config.roles.includes('api');
  if (isSafe || config.trustedProxies.length > 0 || config.allowPlainHttp) return;
  throw new ConfigError(
    [
      `--host: on ${config.host} others can reach DevPulse, and without TLS read every password and token on the way. One of these helps:`,
      '  a certificate of its own:      DEVPULSE_TLS_CERT=/path/chain.pem DEVPULSE_TLS_KEY=/path/key.pem',
      '  a proxy with TLS in front:     DEVPULSE_TRUSTED_PROXIES=<address of the proxy>',
      '  this machine alone:            --host 127.0.0.1',
      '  plain HTTP, knowing all this:  DEVPULSE_ALLOW_PLAIN_HTTP=true',
    ].join('\n'),
  );
}
