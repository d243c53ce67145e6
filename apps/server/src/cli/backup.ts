import path from 'node:path';
import { parseArgs } from 'node:util';
import { takeBackup } from '@devpulse/db/backup/take-backup';
import { openLog, storeLog } from '../log.ts';
import { openDatabase } from '../runtime/open-database.ts';
import { programVersion } from '../runtime/program-version.ts';
import { type Command, UsageError } from './command.ts';
import { formatBytes } from './format-bytes.ts';

export const backupCommand: Command = {
  name: 'backup',
  summary: 'Writes everything in the store into one file, also while the server runs',
  usage: `devpulse backup [<file>] [--tables]

Without a name the file is devpulse-<time>.backup in this folder. An embedded store is copied as a whole, which is the
fastest to restore; with --tables, and for an external PostgreSQL always, it holds the rows of every table, and such a file
can be restored into either kind of store. The master key is not in it: keep that elsewhere.`,
  run: async (args, context) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { tables: { type: 'boolean', default: false } },
    });
    if (positionals.length > 1) throw new UsageError(`a backup goes into one file, not into ${positionals.length}`);
    const { config, terminal } = context;
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
    const file = path.resolve(context.cwd, positionals[0] ?? `devpulse-${stamp}Z.backup`);
    const log = storeLog(openLog({ level: 'warn', target: { write: (line) => void process.stderr.write(line) } }));
    const { embedded, logins } = await openDatabase({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      kind: 'command',
      log,
    });
    try {
      const { header, bytes } = await takeBackup({
        file,
        logins,
        cluster: embedded === null || values.tables ? null : embedded.connection,
        program: programVersion,
        log,
        onProgress: (written, table) =>
          terminal.progress(`${formatBytes(written)} written${table === null ? '' : `, at ${table}`}`),
      });
      terminal.settle();
      terminal.print(`Backed up into ${file} (${formatBytes(bytes)}, as of ${header.takenAt}).`);
      terminal.print(
        header.masterKeys.length === 0
          ? 'It holds no sealed secrets.'
          : `Its secrets open with the master key ${header.masterKeys.join(', ')}, which is not in it. Keep that key elsewhere.`,
      );
      return 0;
    } finally {
      await embedded?.stop();
    }
  },
};
