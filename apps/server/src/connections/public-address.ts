import { isIP } from 'node:net';

/**
 * Can GitHub deliver to this address? github.com reaches what the internet reaches; an Enterprise server of one's own stands in
 * the same network and reaches whatever is not this machine alone.
 */
export function canBeReached(address: string, githubHost: string): boolean {
  const { hostname, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (!/^https?:$/.test(protocol) || isLoopback(host)) return false;
  return githubHost !== 'github.com' || !isPrivate(host);
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.startsWith('127.') ||
    host === '::1' ||
    host === '0.0.0.0' ||
    host === '::'
  );
}

function isPrivate(host: string): boolean {
  if (isIP(host) === 4)
    return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(host);
  if (isIP(host) === 6) return /^(f[cd]|fe[89ab])/.test(host);
  return !host.includes('.') || /\.(local|internal|lan|home|intranet|test)$/.test(host);
}
