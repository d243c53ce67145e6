import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import pg from 'pg';

/** Where a PostgreSQL is and as whom to sign in; `host` may be a folder that holds a unix socket. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Verified TLS unless the address asks for less. */
  ssl?: { rejectUnauthorized: boolean; ca?: string };
}

export type Log = (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;

const verified: Connection['ssl'] = { rejectUnauthorized: true };

// In the words of libpq. Where TLS is asked for but not proof of who answers, there is none to check. To look at the
// authority alone and not at the name would let any of its other hosts answer, so `verify-ca` looks at both.
const sslModes: Record<string, Connection['ssl']> = {
  disable: undefined,
  allow: undefined,
  prefer: undefined,
  require: { rejectUnauthorized: false },
  'verify-ca': verified,
  'verify-full': verified,
};

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`; a folder as host goes into
 * `?host=/run/postgresql`. Without a mode, the way to another machine is encrypted and its certificate checked.
 */
export function parseDatabaseUrl(text: string): Connection {
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new Error('the scheme must be postgres');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw new Error('the address must name a database');
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('the port must be a number from 1 to 65535');
  // Brackets belong to the address, not to the host in them.
  const named = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const host = url.searchParams.get('host') ?? (named || 'localhost');
  const mode = url.searchParams.get('sslmode') ?? (staysHere(host) ? 'disable' : 'verify-full');
  if (!Object.hasOwn(sslModes, mode)) throw new Error(`sslmode must be one of ${Object.keys(sslModes).join(', ')}`);
  const ssl = withAuthority(sslModes[mode], url.searchParams.get('sslrootcert'));
  return {
    host,
    port,
    user: decodeURIComponent(url.username) || 'postgres',
    password: decodeURIComponent(url.password),
    database,
    ...(ssl === undefined ? {} : { ssl }),
  };
}

function staysHere(host: string): boolean {
  return (
    host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** With an authority of its own, `require` checks as well: why else would it be given? */
function withAuthority(ssl: Connection['ssl'], file: string | null): Connection['ssl'] {
  if (ssl === undefined || file === null) return ssl;
  try {
    return { rejectUnauthorized: true, ca: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new Error(`sslrootcert cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause: error,
    });
  }
}

/**
 * The password of a role we made: derived from the owner's, so that every replica that knows the owner's login knows it
 * too and nothing more has to be stored.
 */
export function rolePassword(ownerPassword: string, role: string): string {
  return createHmac('sha256', `devpulse:${ownerPassword}`).update(role).digest('base64url');
}

// The driver's own defaults turn a date into local midnight, which prints as the day before east of Greenwich, and every
// count into text.
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.DATE) return (value: string) => value;
    if (oid === pg.types.builtins.INT8) return parseBigint;
    return pg.types.getTypeParser(oid, format);
  },
};

function parseBigint(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

export interface PoolSettings {
  size: number;
  log: Log;
  name: string;
}

/** A pool that survives a restart of the server: without the two listeners, a dropped connection ends the process. */
export function openPool(connection: Connection, settings: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: settings.size,
    types,
    application_name: settings.name,
    // The driver's default is to wait for ever.
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const onError = (error: Error): void => {
    // A pool that is being closed says goodbye while the server may already be going: nothing is lost by that.
    if (!pool.ending) settings.log('warn', 'database connection lost', { pool: settings.name, error: error.message });
  };
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** A single connection with the same habits as a pool's, for locks, migrations and set-up. */
export async function openClient(connection: Connection, name: string, log: Log): Promise<pg.Client> {
  const client = new pg.Client({
    ...connection,
    types,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', (error) => log('warn', 'database connection lost', { name, error: error.message }));
  await client.connect();
  return client;
}
