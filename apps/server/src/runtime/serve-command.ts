import { parseArgs } from 'node:util';
import type { Command, CommandContext } from '../cli/command.ts';
import { openLog, storeLog } from '../log.ts';
import { refuseOpenPlainHttp } from '../protect/check-exposure.ts';
import { openDatabase } from './open-database.ts';
import type { Beginning } from './serve.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Runs DevPulse: API, workers and scheduler',
  usage: 'devpulse serve [--port <port>] [--host <address>] [--data <folder>] [--roles api,worker,scheduler] [--demo]',
  run: async (args, context) => {
    parseArgs({ args, options: {} });
    refuseOpenPlainHttp(context.config);
    const { beginning, isUnderWay } = begin(context);
    // PostgreSQL needs the processor that we do not: while it starts, the rest of the program is loaded.
    await isUnderWay;
    const { startServer } = await import('./serve.ts');
    const server = await startServer(context, beginning);
    return server.ended;
  },
};

/** Starts PostgreSQL; tells when it works by itself, or that there is nothing to wait for. */
function begin({ config, terminal }: CommandContext): { beginning: Beginning; isUnderWay: Promise<unknown> } {
  const log = openLog({ level: config.logLevel });
  let step = 0;
  const onStep = (text: string): void => terminal.say(`${(step += 1)}. ${text}`);
  const { promise: spawned, resolve: onSpawn } = Promise.withResolvers<void>();
  const { dataDir, databaseUrl } = config;
  const options = { dataDir, databaseUrl, kind: 'server', log: storeLog(log), onStep } as const;
  const database = openDatabase({ ...options, onSpawn });
  // Its fault is told where it is awaited.
  const settled = database.catch(() => undefined);
  return {
    beginning: { log, onStep, database: { ...options, database } },
    isUnderWay: databaseUrl === undefined ? Promise.race([spawned, settled]) : Promise.resolve(),
  };
}
