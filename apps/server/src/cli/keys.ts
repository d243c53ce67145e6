import { parseArgs } from 'node:util';
import { openClient } from '@devpulse/db/connection';
import { commandLineActor, recordAudit } from '../audit/record-audit.ts';
import type { Runtime } from '../runtime/open-runtime.ts';
import { findMasterKeys } from '../secrets/find-master-keys.ts';
import { forgetKeys } from '../secrets/forget-keys.ts';
import { readWrappedKeys } from '../secrets/key-table.ts';
import { type Rotation, rotateKeys } from '../secrets/rotate-keys.ts';
import { countSealed } from '../secrets/walk-sealed.ts';
import type { FirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatCount, formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const keysCommand: Command = {
  name: 'keys',
  summary: 'Lists and rotates the keys that seal secrets in the store',
  usage: [
    'devpulse keys list',
    '  Shows master keys and data keys, and how many secrets each seals. Never the keys themselves.',
    'devpulse keys rotate',
    '  New keys for everything, also while the server runs. One that was interrupted is finished.',
    'devpulse keys forget <master key> --force',
    '  For a master key that is lost for good: gives up every secret that needs it.',
  ].join('\n'),
  run: (args, context) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { force: { type: 'boolean', default: false } },
    });
    const [verb, masterId, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`${more[0]} is one word too many`);
    if (verb === 'list' && masterId === undefined) return withOwner(context, (work) => list(work, context));
    if (verb === 'rotate' && masterId === undefined) return withOwner(context, (work) => rotate(work, context));
    if (verb !== 'forget' || masterId === undefined) throw new UsageError('say list, rotate or forget <master key>');
    if (!values.force) throw new UsageError('what a lost key sealed is deleted, and cannot come back: add --force');
    return withOwner(context, (work) => forget(work, context, masterId));
  },
};

interface Work extends Runtime, FirstWorkspace {
  owner: Rotation['owner'];
  masters: Rotation['masters'];
}

/** Signed in as the owner: keys are closed to the application. */
function withOwner(context: CommandContext, work: (given: Work) => Promise<number>): Promise<number> {
  return withRuntime(context, async (runtime) => {
    const { config, terminal } = context;
    const masters = findMasterKeys({
      dataDir: runtime.dataDir,
      databaseUrl: config.databaseUrl,
      keys: { key: config.key, keyFile: config.keyFile, say: terminal.say },
    });
    const owner = await openClient(runtime.logins.owner, 'devpulse keys command', () => undefined);
    try {
      return await work({ ...runtime, owner, masters });
    } finally {
      await owner.end();
    }
  });
}

async function list({ store, owner, masters }: Work, context: CommandContext): Promise<number> {
  const { print } = context.terminal;
  const { keys } = await readWrappedKeys(store.app);
  const texts = await countSealed({ store, owner });
  const here = masters.read();
  const ids = new Set([...here.map((key) => key.id), ...keys.map((key) => key.masterId)]);
  print(
    formatTable([
      ['MASTER KEY', 'FROM', 'WRAPS'],
      ...[...ids].map((id) => [
        id,
        here.find((key) => key.id === id)?.from ?? 'missing',
        `${formatCount(keys.filter((key) => key.masterId === id).length)} data keys`,
      ]),
    ]),
  );
  print('');
  print(
    formatTable([
      ['DATA KEY', 'STATE', 'OF', 'MADE', 'SEALS'],
      ...keys.map((key) => [
        key.id,
        key.state,
        key.workspaceId ?? 'the instance',
        key.createdAt.toISOString().slice(0, 16).replace('T', ' '),
        `${formatCount(texts.get(key.id) ?? 0)} secrets`,
      ]),
    ]),
  );
  const open = texts.get('') ?? 0;
  if (open > 0) print(`\n${formatCount(open)} texts stand unsealed where only sealed ones belong.`);
  return here.length > 0 && keys.some((key) => !here.some((master) => master.id === key.masterId)) ? 1 : 0;
}

async function rotate(work: Work, context: CommandContext): Promise<number> {
  const { say, print } = context.terminal;
  // Refuses a store of which not every key is here, before anything is changed.
  await work.openKeyring();
  const report = await rotateKeys({ ...work, say });
  await work.store.inWorkspace(work.workspaceId, (trx) =>
    recordAudit(trx, { actor: commandLineActor, action: 'keys.rotated', after: { secrets: report.resealed } }),
  );
  for (const file of report.putAside)
    say(`The old master key is in ${file}: backups made before now need it; delete it together with them.`);
  for (const { place } of report.unreadable)
    say(`cannot be opened and was left as it is: ${place.table}.${place.column}, row ${place.row}`);
  const unused = work.masters.read().slice(1);
  for (const key of unused) say(`The master key ${key.id} is not needed any more: take it out of ${key.from}.`);
  print(report.wasResumed ? 'The interrupted rotation is finished.' : 'Every secret is sealed with new keys.');
  return report.unreadable.length === 0 ? 0 : 1;
}

async function forget(work: Work, context: CommandContext, masterId: string): Promise<number> {
  if (work.masters.read().some((key) => key.id === masterId))
    throw new UsageError(`the master key ${masterId} is here: nothing needs to be given up`);
  const { dataKeys, secrets } = await forgetKeys(work, masterId);
  if (dataKeys === 0) throw new UsageError(`no data key needs the master key ${masterId}`);
  await work.store.inWorkspace(work.workspaceId, (trx) =>
    recordAudit(trx, { actor: commandLineActor, action: 'keys.forgotten', after: { dataKeys, secrets } }),
  );
  context.terminal.print(`${formatCount(secrets)} secrets and ${formatCount(dataKeys)} data keys were given up.`);
  return 0;
}
