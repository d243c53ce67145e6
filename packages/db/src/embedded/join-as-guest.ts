import pg from 'pg';
import type { Connection } from '../connection.ts';
import type { HolderRecord } from './holder-file.ts';
import { MAINTENANCE_DATABASE, SUPERUSER, readPassword } from './superuser-password.ts';

/** The login beside a running server, or null while that server is not ready for guests. */
export async function joinAsGuest(dataDir: string, holder: HolderRecord): Promise<Connection | null> {
  const password = readPassword(dataDir);
  // Before its address stands there the server may still be migrating, and a command would meet half a schema.
  if (!holder.endpoint || holder.address === null || password === null) return null;
  const connection = { ...holder.endpoint, user: SUPERUSER, password, database: MAINTENANCE_DATABASE };
  const client = new pg.Client({ ...connection, ssl: false, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return connection;
  } catch {
    // Starting, restarting or stopping: the caller asks again until its patience ends.
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
