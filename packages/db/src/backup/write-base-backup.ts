import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Connection, Log } from '../connection.ts';
import { BaseBackupArchive } from './base-backup-archive.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { copyOut } from './copy-out.ts';

/**
 * Writes a copy of the whole running cluster as a tar, through the replication protocol: no program but the server is
 * needed (the embedded PostgreSQL brings no pg_dump), and unpacked it is a data folder that starts by itself.
 */
export async function writeBaseBackup(connection: Connection, label: string, sink: Writable, log: Log): Promise<void> {
  const settings = {
    ...connection,
    replication: 'true',
    application_name: 'devpulse backup',
    connectionTimeoutMillis: 10_000,
  };
  const client = new pg.Client(settings);
  client.on('error', (error) => log('warn', 'database connection lost', { name: 'backup', error: error.message }));
  const out = new ChunkBuffer(sink);
  const archive = new BaseBackupArchive(out);
  let fault: unknown = null;
  await client.connect();
  try {
    const name = client.escapeLiteral(label);
    await copyOut(
      client,
      `BASE_BACKUP (LABEL ${name}, CHECKPOINT 'fast', WAL true, MANIFEST 'yes')`,
      sink,
      (message) => {
        try {
          if (fault === null) archive.take(message);
        } catch (error) {
          // Thrown here, it would end the process: the driver calls this from its socket.
          fault = error;
        }
      },
    );
    if (fault !== null) throw fault as Error;
    archive.finish();
    out.flush();
  } finally {
    await client.end().catch(() => undefined);
  }
}
