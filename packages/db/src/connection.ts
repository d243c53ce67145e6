import { createHmac } from 'node:crypto';
import pg from 'pg';

/** Where a PostgreSQL is and as whom to sign in; `host` may be a folder that holds a unix socket. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Verified TLS unless the address asks for less. */
  ssl?: { rejectUnauthorized: boolean };
}

export type Log = (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;

// In the words of libpq. Where TLS is asked for but not proof of who answers, there is none to check.
const sslModes: Record<string, Connection['ssl']> = {
  disable: undefined,
  allow: undefined,
  prefer: undefined,
  require: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true },
  'verify-full': { rejectUnauthorized: true },
};

/** Reads `postgres://user:password@host:port/database?sslmode=…`; a folder as host goes into `?host=/run/postgresql`. */
export function parseDatabaseUrl(text: string): Connection {
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new Error('the scheme must be postgres');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw new Error('the address must name a database');
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('the port must be a number from 1 to 65535');
  const mode = url.searchParams.get('sslmode') ?? 'prefer';
  if (!Object.hasOwn(sslModes, mode)) throw new Error(`sslmode must be one of ${Object.keys(sslModes).join(', ')}`);
  const ssl = sslModes[mode];
  // Brackets belong to the address, not to the host in them.
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  return {
    host: url.searchParams.get('host') ?? (host || 'localhost'),
    port,
    user: decodeURIComponent(url.username) || 'postgres',
    password: decodeURIComponent(url.password),
    database,
    ...(ssl === undefined ? {} : { ssl }),
  };
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
    idleTimeoutMillis: 30_000,
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
