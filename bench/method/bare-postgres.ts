import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from '@devpulse/db/connection';
import { prepareDataFolder } from '@devpulse/db/embedded/data-folder';
import { initCluster } from '@devpulse/db/embedded/init-cluster';
import { locateBinaries } from '@devpulse/db/embedded/locate-binaries';
import { prepareBinaries } from '@devpulse/db/embedded/prepare-binaries';
import { openServerLog } from '@devpulse/db/embedded/server-log';
import { serverArguments } from '@devpulse/db/embedded/server-settings';
import { prepareEndpoint } from '@devpulse/db/embedded/socket-folder';
import { spawnServer } from '@devpulse/db/embedded/spawn-server';
import { makeDataDir } from '@devpulse/server/testing/start-program';
import type { Scope } from './scope.ts';
import { timeSeconds } from './time-seconds.ts';

/** The same PostgreSQL with the same settings as the program's, and nothing of ours around it. */
export interface BarePostgres {
  /** Makes the cluster and starts it; seconds until it answers the first question. */
  begin(): Promise<number>;
  /** Starts it on the cluster that is there; seconds until it answers. */
  start(): Promise<number>;
  stop(): Promise<void>;
  /** Of the running server; 0 while there is none. */
  pid(): number;
}

const quiet = (): void => undefined;

/** Prepares a folder for it; nothing runs yet. */
export async function prepareBare(scope: Scope): Promise<BarePostgres> {
  const { dataDir, remove } = await makeDataDir();
  scope.defer(remove);
  const folder = await prepareDataFolder(dataDir);
  const binaries = await prepareBinaries({ packaged: locateBinaries(), folder, log: quiet });
  const password = randomBytes(16).toString('hex');
  const { endpoint } = await prepareEndpoint(folder.path, folder.runAs);
  const serverLog = openServerLog(folder.path, folder.handOver);
  scope.defer(() => serverLog.close());
  let server: ReturnType<typeof spawnServer> | undefined;
  const start = (): Promise<number> =>
    timeSeconds(async () => {
      const { cluster, runAs } = folder;
      server = spawnServer({ binaries, cluster, args: serverArguments(cluster, endpoint), runAs, serverLog });
      await waitForAnswer({ ...endpoint, user: 'postgres', password, database: 'postgres' });
    });
  const stop = async (): Promise<void> => {
    server?.end('fast');
    await server?.exited;
    server = undefined;
  };
  scope.defer(stop);
  return {
    begin: async () => {
      const making = await timeSeconds(() => initCluster({ folder, binaries, password }));
      return making + (await start());
    },
    start,
    stop,
    pid: () => server?.pid ?? 0,
  };
}

const patienceMs = 30_000;

async function waitForAnswer(login: Parameters<typeof openClient>[0]): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      const client = await openClient(login, 'bench', quiet);
      await client.query('select 1');
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(5);
    }
  }
}
