import path from 'node:path';
import { parseArgs } from 'node:util';
import { restoreCluster } from '@devpulse/db/backup/restore-cluster';
import { restoreTables, stepsOf } from '@devpulse/db/backup/restore-tables';
import { type CheckedBackup, checkSealedFile, openPayload } from '@devpulse/db/backup/sealed-file';
import type { Log } from '@devpulse/db/connection';
import { StoreInUse } from '@devpulse/db/embedded/store-faults';
import { StoreUnusable } from '@devpulse/db/prepare-roles';
import { commandLineActor, recordAudit } from '../audit/record-audit.ts';
import { openLog, storeLog } from '../log.ts';
import { openDatabase } from '../runtime/open-database.ts';
import { masterKeyFile, readMasterKeys } from '../secrets/master-key.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatBytes } from './format-bytes.ts';
import { withRuntime } from './with-runtime.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Puts a backup into an empty store, or with --force in the place of the one that is there',
  usage: `devpulse restore <file> [--force]

Stop the server first. The file is read to its end and its checksum compared before anything is changed. A backup of the
whole embedded store goes into an embedded store; one of tables goes into an embedded store or an external PostgreSQL.`,
  run: async (args, context) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { force: { type: 'boolean', default: false } },
    });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('name the one backup to restore');
    const log = storeLog(openLog({ level: 'warn', target: { write: (line) => void process.stderr.write(line) } }));
    const { terminal } = context;
    const backup = await checkSealedFile(path.resolve(context.cwd, name), (done, all) =>
      terminal.progress(`Checking the file: ${formatBytes(done)} of ${formatBytes(all)}`),
    );
    const { header } = backup;
    terminal.say(
      `The backup is whole: taken ${header.takenAt} by DevPulse ${header.program}, ${formatBytes(backup.bytes)}.`,
    );
    await stepsOf(header);
    if (header.kind === 'cluster') await putCluster(context, backup, { force: values.force, log });
    else await putTables(context, backup, { force: values.force, log });
    terminal.settle();
    await openOnce(context, backup);
    tellKeys(context, header.masterKeys);
    terminal.print(`Restored the store as it was at ${header.takenAt}. Start DevPulse: devpulse serve`);
    return 0;
  },
};

interface Wish {
  force: boolean;
  log: Log;
}

async function putCluster(context: CommandContext, backup: CheckedBackup, { force, log }: Wish): Promise<void> {
  const { config, terminal } = context;
  if (config.databaseUrl !== undefined)
    throw new StoreUnusable(
      'this backup is a copy of an embedded PostgreSQL and cannot go into another one; take one with devpulse backup --tables',
    );
  const { kept } = await restoreCluster({
    dataDir: config.dataDir,
    header: backup.header,
    payload: () => openPayload(backup),
    force,
    log,
    onStep: (step) => terminal.say(step),
  });
  if (kept !== null) terminal.print(`The store that was there is kept in ${kept}; remove it when you are sure.`);
}

async function putTables(context: CommandContext, backup: CheckedBackup, { force, log }: Wish): Promise<void> {
  const { config, terminal } = context;
  const { embedded, logins } = await openDatabase({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    kind: 'command',
    log,
  });
  try {
    if (embedded?.standing === 'guest') throw new StoreInUse(config.dataDir, embedded.holder);
    await restoreTables({
      owner: logins.owner,
      header: backup.header,
      payload: () => openPayload(backup),
      force,
      log,
      onTable: (table) => terminal.progress(`Filling ${table}`),
    });
  } finally {
    await embedded?.stop();
  }
}

/** Says which keys are not here, without which the secrets in the backup stay sealed. */
function tellKeys({ config, terminal }: CommandContext, needed: readonly string[]): void {
  const here = new Set(
    readMasterKeys({ key: config.key, keyFile: config.keyFile, dataDir: config.dataDir }).map((key) => key.id),
  );
  const missing = needed.filter((id) => !here.has(id));
  if (missing.length === 0) return;
  terminal.print(
    `The secrets in it need the master key ${missing.join(', ')}, which is not here and was never in the backup. Put it back ` +
      `as DEVPULSE_KEY, DEVPULSE_KEY_FILE or ${masterKeyFile(config.dataDir)} before you start; without it DevPulse does not start.`,
  );
}

/** Opens the restored store once, which proves that it can be, brings its schema up to date and notes the restore. */
async function openOnce(context: CommandContext, { header }: CheckedBackup): Promise<void> {
  context.terminal.say('Opening it once');
  await withRuntime(context, async ({ store, workspaceId }) => {
    await store.inWorkspace(workspaceId, (trx) =>
      recordAudit(trx, {
        actor: commandLineActor,
        action: 'backup.restored',
        after: { takenAt: header.takenAt, program: header.program },
      }),
    );
  });
}
