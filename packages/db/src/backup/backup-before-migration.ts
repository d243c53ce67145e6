import type { Connection, Log } from '../connection.ts';
import { writeBackupFile } from './backup-file.ts';
import { writeBaseBackup } from './write-base-backup.ts';
import { writeTableCopies } from './write-table-copies.ts';

interface BackupOptions {
  /** For 'embedded' the superuser, for 'external' the owner of the database. */
  connection: Connection;
  kind: 'embedded' | 'external';
  folder: string;
  /** Says what the backup was made before; becomes part of the file's name. */
  label: string;
  log: Log;
}

/**
 * Backs up everything before the schema changes and keeps the newest five backups of the kind.
 *
 * @example
 * const { file } = await backupBeforeMigration({ connection, kind: 'embedded', folder, label: 'before-0002', log });
 */
export async function backupBeforeMigration(options: BackupOptions): Promise<{ file: string; bytes: number }> {
  const { connection, kind, folder, label, log } = options;
  const write = kind === 'embedded' ? writeBaseBackup : writeTableCopies;
  const ending = kind === 'embedded' ? '.tar.gz' : '.tables.gz';
  const made = await writeBackupFile({ folder, kind, label, ending }, (sink) => write(connection, label, sink, log));
  log('info', 'Backed up the store', made);
  return made;
}
