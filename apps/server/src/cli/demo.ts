import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { demoFolderOf } from '../demo/demo-folder.ts';
import { readDemoState } from '../demo/demo-state.ts';
import { makeDemo, type MadeDemo } from '../demo/make-demo.ts';
import { orderDemo } from '../demo/order-demo.ts';
import { removeDemo } from '../demo/remove-demo.ts';
import { openLog, storeLog } from '../log.ts';
import { loadConnectors, loadMetrics } from '../runtime/load-extensions.ts';
import { openPools } from '../runtime/open-pools.ts';
import type { Runtime } from '../runtime/open-runtime.ts';
import { watchDisk } from '../runtime/watch-disk.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatCount } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const demoCommand: Command = {
  name: 'demo',
  summary: 'Adds or removes a made-up year of a team, in a workspace of its own',
  usage: 'devpulse demo add | devpulse demo remove | devpulse demo status',
  run: (args, context) => {
    const [verb, ...more] = args;
    if ((verb !== 'add' && verb !== 'remove' && verb !== 'status') || more.length > 0)
      throw new UsageError('say add, remove or status');
    return withRuntime(context, (runtime) => acts[verb](runtime, context));
  },
};

const acts = { add, remove, status } as const;

async function add(runtime: Runtime, context: CommandContext): Promise<number> {
  const { store } = runtime;
  const { state } = await orderDemo(store, { accountId: null, now: new Date() });
  if (state === 'making') {
    const made = await makeOrFollow(runtime, context);
    context.terminal.settle();
    if (made.outcome === 'failed') {
      context.terminal.say(
        `The demo could not be made: ${made.error.message}\nThe same command goes on where it stopped.`,
      );
      return 1;
    }
  }
  const ended = await readDemoState(store);
  if (ended.state !== 'ready') {
    context.terminal.say('The demo is not finished. The same command goes on where it stopped.');
    return 1;
  }
  context.terminal.print(
    'The demo is ready, in a workspace of its own. Remove it with: npm run devpulse -- demo remove',
  );
  return 0;
}

const pauseMs = 1000;

/** Where a running server makes it, this looks on; where that server was killed, this goes on in its place. */
async function makeOrFollow(runtime: Runtime, context: CommandContext): Promise<MadeDemo> {
  while (true) {
    const made = await makeHere(runtime, context);
    if (made.outcome !== 'busy' || context.signal.aborted) return made;
    const { progress } = await readDemoState(runtime.store);
    if (progress !== null) context.terminal.progress(describe(progress));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function makeHere(runtime: Runtime, context: CommandContext): Promise<MadeDemo> {
  const disk = await watchDisk(runtime.dataDir);
  const capture = openCapture({ store: runtime.store, admit: disk.admit });
  const pools = openPools();
  try {
    return await makeDemo({
      store: runtime.store,
      capture,
      pools,
      connectors: loadConnectors(),
      metrics: loadMetrics(),
      log: storeLog(openLog({ level: 'warn', target: { write: (line) => void process.stderr.write(line) } })),
      now: () => new Date(),
      folder: demoFolderOf(runtime.dataDir),
      signal: context.signal,
      onProgress: (progress) => context.terminal.progress(describe(progress)),
    });
  } finally {
    disk.stop();
    await capture.close();
    await Promise.all([pools.fresh.close(), pools.retry.close()]);
  }
}

function describe({ what, done, total }: { what: string; done: number; total: number | null }): string {
  return total === null ? `${what} …` : `${what}: ${formatCount(done)} of ${formatCount(total)}`;
}

async function remove(runtime: Runtime, context: CommandContext): Promise<number> {
  const { state } = await readDemoState(runtime.store);
  await removeDemo({ store: runtime.store, folder: demoFolderOf(runtime.dataDir) });
  context.terminal.print(state === 'absent' ? 'There was no demo.' : 'The demo is gone. Everything else is as it was.');
  return 0;
}

async function status(runtime: Runtime, context: CommandContext): Promise<number> {
  const { state, progress, error } = await readDemoState(runtime.store);
  const words = {
    absent: 'There is no demo. Make one with: npm run devpulse -- demo add',
    making: `The demo is being made. ${progress === null ? '' : describe(progress)}`.trim(),
    ready: 'The demo is ready. Remove it with: npm run devpulse -- demo remove',
    failed: `The demo could not be made: ${error ?? ''}\nGo on with: npm run devpulse -- demo add`,
    removing: 'The demo is being removed.',
  } as const;
  context.terminal.print(words[state]);
  return 0;
}
