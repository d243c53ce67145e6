import { storeLog, openLog } from '../log.ts';
import { openRuntime, type Runtime } from '../runtime/open-runtime.ts';
import { findFirstWorkspace, findWorkspace, type FirstWorkspace } from '../workspaces/ensure-workspace.ts';
import type { CommandContext } from './command.ts';

/** Lends the store to a command: beside a running server through its socket, else started for as long as it takes. */
export async function withRuntime<Result>(
  context: CommandContext,
  work: (runtime: Runtime & FirstWorkspace) => Promise<Result>,
): Promise<Result> {
  const level = context.config.logLevel === 'info' ? 'warn' : context.config.logLevel;
  const log = storeLog(openLog({ level, target: { write: (line) => void process.stderr.write(line) } }));
  const runtime = await openRuntime({
    dataDir: context.config.dataDir,
    databaseUrl: context.config.databaseUrl,
    keys: { key: context.config.key, keyFile: context.config.keyFile, say: context.terminal.say },
    kind: 'command',
    log,
  });
  try {
    const { workspace } = context.config;
    const { store } = runtime;
    const place = workspace === undefined ? findFirstWorkspace(store) : findWorkspace(store, workspace);
    return await work({ ...runtime, ...(await place) });
  } finally {
    await runtime.close();
  }
}
