import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Connector, type Discovered, type PullProgress, SourceUnreadable } from '@devpulse/contract/connector';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { commandLineActor } from '../audit/record-audit.ts';
import { openLog, storeLog } from '../log.ts';
import { suggestOwnIdentities } from '../people/link-to-owner.ts';
import { showPerson } from '../people/list-people.ts';
import { loadConnectors, loadMetrics } from '../runtime/load-extensions.ts';
import { openPools } from '../runtime/open-pools.ts';
import { watchDisk } from '../runtime/watch-disk.ts';
import { addSource, removeUnreadSource } from '../sources/add-source.ts';
import { readSource } from '../sources/read-source.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { readInbox, settleWork } from './settle-work.ts';
import { formatCount, type Terminal } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Reads git folders: repositories, bare ones, or folders that hold some',
  usage: 'devpulse import <folder>… [--branches all|default]',
  run: async (args, context) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { branches: { type: 'string', default: 'all' } },
    });
    const { branches } = values;
    if (positionals.length === 0) throw new UsageError('say which folder');
    if (branches !== 'all' && branches !== 'default') throw new UsageError('--branches is all or default');
    // Every folder is looked at before the first is read: a mistyped one leaves nothing half done.
    const found = await findAll(
      positionals.map((folder) => path.resolve(context.cwd, folder)),
      context.terminal,
    );
    if (found === null) return 1;
    return importAll(
      found.map((one) => ({ ...one, settings: { ...(one.settings as object), branches } })),
      context,
    );
  },
};

type Found = Discovered<unknown>;

function gitConnector(): Connector {
  const git = loadConnectors().get('git');
  if (git === undefined) throw new Error('the git connector is not installed');
  return git;
}

function discover(folder: string): Promise<Found[]> {
  const git = gitConnector();
  if (git.discover === undefined) throw new Error('the git connector cannot look for repositories');
  return git.discover(folder);
}

async function findAll(folders: string[], terminal: Terminal): Promise<Found[] | null> {
  const found = new Map<string, Found>();
  for (const folder of folders) {
    try {
      for (const repository of await discover(folder)) found.set(repository.naturalKey, repository);
    } catch (error) {
      if (!(error instanceof SourceUnreadable)) throw error;
      terminal.say(`${error.message}\nNothing was imported.`);
      return null;
    }
  }
  return [...found.values()];
}

async function importAll(repositories: Found[], context: CommandContext): Promise<number> {
  return withRuntime(context, async (runtime) => {
    const log = storeLog(openLog({ level: 'warn', target: { write: (line) => void process.stderr.write(line) } }));
    const disk = await watchDisk(runtime.dataDir);
    const capture = openCapture({ store: runtime.store, admit: disk.admit });
    const pools = openPools();
    const metrics = loadMetrics();
    const work = { ...runtime, metrics, pools, log, signal: context.signal };
    let failed = 0;
    let captured = 0;
    try {
      for (const [index, repository] of repositories.entries()) {
        const label = repositories.length === 1 ? '' : `${index + 1} of ${repositories.length} repositories  `;
        const result = await importOne(repository, {
          ...context,
          runtime,
          capture,
          log,
          label,
          readInbox: () => readInbox(work),
        });
        captured += result.captured;
        failed += result.ok ? 0 : 1;
      }
      context.terminal.progress('Counting …');
      const settled = await settleWork(work);
      context.terminal.settle();
      if (settled.failed > 0)
        context.terminal.say(`${settled.failed} events could not be read; see \`devpulse dead-letters list\` later.`);
      context.terminal.print(
        `${formatCount(captured)} new events from ${repositories.length - failed} of ${repositories.length} repositories.`,
      );
      await suggestSelf(runtime, repositories, context.terminal);
    } finally {
      disk.stop();
      await capture.close();
      await Promise.all([pools.fresh.close(), pools.retry.close()]);
    }
    return failed === 0 ? 0 : 1;
  });
}

interface ImportTools extends CommandContext {
  runtime: Parameters<Parameters<typeof withRuntime>[1]>[0];
  capture: ReturnType<typeof openCapture>;
  log: ReturnType<typeof storeLog>;
  label: string;
  readInbox: () => Promise<unknown>;
}

async function importOne(found: Found, tools: ImportTools): Promise<{ ok: boolean; captured: number }> {
  const { store, workspaceId } = tools.runtime;
  const { name } = found;
  const { sourceId } = await addSource(store, workspaceId, 'git', { ...found, addedBy: commandLineActor });
  const started = Date.now();
  // Facts are read while git still lists: the two need different processors.
  const reading = readAlongside(tools);
  const result = await readSource({
    store,
    capture: tools.capture,
    connectors: loadConnectors(),
    log: tools.log,
    workspaceId,
    sourceId,
    signal: tools.signal,
    now: () => new Date(),
    onProgress: (progress) => tools.terminal.progress(`${tools.label}${describeProgress(name, progress, started)}`),
  });
  await reading.stop();
  tools.terminal.settle();
  if (result.outcome === 'ok') return { ok: true, captured: result.captured };
  if (result.outcome === 'busy')
    tools.terminal.say(`${name}: somebody else is reading it now; its numbers will be there when that ends.`);
  else if (result.outcome === 'stopped')
    tools.terminal.say(`${name}: it was paused or removed while it was being read.`);
  else if (result.outcome === 'waiting') tools.terminal.say(`${name}: its source asked us to wait.`);
  else {
    tools.terminal.say(`${name}: ${result.error.message}`);
    if (!result.retry) await removeUnreadSource(store, workspaceId, sourceId);
  }
  return { ok: false, captured: 0 };
}

const pauseMs = 200;

function readAlongside(tools: ImportTools): { stop: () => Promise<void> } {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await tools.readInbox();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  // Its failure is reported where it is awaited, not as an unhandled one before.
  loop.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}

function describeProgress(name: string, progress: PullProgress, started: number): string {
  const seconds = (Date.now() - started) / 1000;
  const rate = seconds > 0 ? progress.done / seconds : 0;
  const count =
    progress.total === null
      ? formatCount(progress.done)
      : `${formatCount(progress.done)} of ${formatCount(progress.total)}`;
  const share = progress.total === null || progress.total === 0 ? '' : ` ${bar(progress.done / progress.total)}`;
  const left =
    progress.total !== null && rate > 0 && seconds > 2
      ? `  about ${Math.ceil((progress.total - progress.done) / rate)} s left`
      : '';
  return `${name}${share}  ${count} commits  ${formatCount(Math.round(rate))}/s${left}`;
}

const barWidth = 24;

function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * barWidth);
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`;
}

async function suggestSelf(runtime: ImportTools['runtime'], repositories: Found[], terminal: Terminal): Promise<void> {
  const own = await gitConnector().suggestSelf?.(repositories[0]?.settings);
  const suggestions = await suggestOwnIdentities({ ...runtime, email: own?.email ?? null, name: own?.name ?? null });
  if (suggestions.length > 0) {
    terminal.print('These look like you:');
    for (const { identity, why } of suggestions) {
      terminal.print(`    ${identity.id}  ${identity.name ?? ''} <${identity.email ?? ''}>  (${why})`);
    }
    const ids = suggestions.map(({ identity }) => identity.id).join(' ');
    terminal.print(`Say so with: npm run devpulse -- person link ${ids}`);
    return;
  }
  const me = await showPerson({ ...runtime, personId: runtime.ownerId });
  if (me.identities.length > 0) return;
  terminal.print('Which of the authors are you? See: npm run devpulse -- person list');
  terminal.print('and say so with: npm run devpulse -- person link <identity or e-mail>');
}
