import { findIsolationGaps } from '@devpulse/db/find-isolation-gaps';
import { isSchemaCurrent } from '@devpulse/db/migrate';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import type { JobQueue } from '@devpulse/queue/queue';
import { inviteOwner } from '../accounts/owner-link.ts';
import type { CommandContext } from '../cli/command.ts';
import { githubHostOf } from '../connections/github-host.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { ConfigError } from '../config.ts';
import { demoFolderOf } from '../demo/demo-folder.ts';
import { startDemo } from '../demo/start-demo.ts';
import type { App, ServerDeps } from '../deps.ts';
import type { FaultRecorder } from '../faults/fault-recorder.ts';
import { openFaultRecorder } from '../faults/open-fault-recorder.ts';
import { recordEngineErrors } from '../faults/record-engine-errors.ts';
import { watchProcess } from '../faults/watch-process.ts';
import { openGovernor } from '../governor/open-governor.ts';
import { openTelemetry } from '../health/gauges.ts';
import { buildHttp, closeHttp } from '../http.ts';
import { createNudge, createReadSoon, startJobs } from '../jobs/start-jobs.ts';
import type { Workers } from '../jobs/workers.ts';
import { type Logger, storeLog } from '../log.ts';
import { followKeys } from '../secrets/follow-keys.ts';
import { openMailer } from '../mail/mailer.ts';
import { areas } from './areas.ts';
import { collectGarbageSoon } from './collect-garbage.ts';
import { loadConnectors, loadMetrics, loadWidgets } from './load-extensions.ts';
import { openPools } from './open-pools.ts';
import { type OpenProtection, openProtection } from './open-protection.ts';
import { openQueue } from './open-queue.ts';
import type { DatabaseOptions, OpenDatabase } from './open-database.ts';
import { openRuntime, type Runtime } from './open-runtime.ts';
import { programVersion } from './program-version.ts';
import { watchDisk } from './watch-disk.ts';

/** A running program. */
export interface RunningServer {
  address: string;
  /** Resolves with the exit code once it has stopped. */
  ended: Promise<number>;
  stop(): void;
}

/** Everything that is open, in the order in which it was opened. */
interface Parts {
  log: Logger;
  faults: FaultRecorder;
  runtime: Runtime;
  queue: JobQueue;
  workers: Workers;
  app: App;
  protection: OpenProtection;
  stopWork: () => void;
  closeWork: () => Promise<void>;
}

/** What the program begins with, before most of it is loaded. */
export interface Beginning {
  log: Logger;
  onStep: (text: string) => void;
  database: DatabaseOptions & { database: Promise<OpenDatabase> };
}

/** Opens store, queue, workers and HTTP server, and says where it answers. */
export async function startServer(
  context: CommandContext,
  { log, onStep, database }: Beginning,
): Promise<RunningServer> {
  const { key, keyFile } = context.config;
  const runtime = await openRuntime({ ...database, keys: { key, keyFile, say: context.terminal.say } });
  try {
    onStep('Starting workers and server');
    return await openServer(context, runtime, log);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function openServer(context: CommandContext, runtime: Runtime, log: Logger): Promise<RunningServer> {
  const parts = await openParts(context, runtime, log);
  try {
    const address = await listen(parts.app, context.config);
    await runtime.embedded?.announce(address);
    await startJobs(parts.queue, parts.workers, context.config.roles);
    // Said to whoever started it, never logged: the link is as good as a password.
    const invitation = context.config.roles.includes('api') ? await inviteOwner(runtime.store, address) : null;
    context.terminal.say(`DevPulse answers at ${address}${invitation === null ? '' : `\n${invitation}`}`);
    const server = awaitEnd(parts, address, context);
    collectGarbageSoon();
    if (context.config.demo) startDemo({ ...parts.workers, say: context.terminal.say, until: server.ended });
    return server;
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

const nudged = ['drain-inbox', 'roll-up', 'prove-identities', 'check-sights'] as const;

function nudgesBy(ask: ReturnType<typeof createNudge>): Pick<ServerDeps, 'workTransfersSoon' | 'nudge' | 'hearSoon'> {
  return {
    workTransfersSoon: () => ask('work-transfers'),
    nudge: () => nudged.forEach((job) => ask(job)),
    hearSoon: () => ask('hear-deliveries'),
  };
}

function noteLostNudge(log: Logger): (error: Error) => void {
  return (error) => log.warn({ error: error.message }, 'a nudge was lost; the schedule finds the work');
}

async function openParts(context: CommandContext, runtime: Runtime, log: Logger): Promise<Parts> {
  const { config } = context;
  const { store } = runtime;
  const keyring = await runtime.openKeyring();
  const keys = followKeys({ login: store.logins.app, log, keyring });
  const protection = openProtection({ config, store, log });
  const now = (): Date => new Date();
  const faults = openFaultRecorder({ store, log, version: programVersion, now });
  const queue = await openQueue({
    logins: runtime.logins,
    redisUrl: config.redisUrl,
    log: recordEngineErrors(log, faults),
  });
  const onLost = noteLostNudge(log);
  const ask = createNudge(queue, onLost);
  const disk = runtime.embedded === null ? null : await watchDisk(runtime.dataDir);
  const admit = disk === null ? {} : { admit: disk.admit };
  const capture = openCapture({ store, onCaptured: () => ask('drain-inbox'), ...admit });
  const pools = openPools();
  const extensions = { connectors: loadConnectors(), metrics: loadMetrics(), widgets: loadWidgets() };
  const telemetry = openTelemetry(store);
  const elsewhere = openElsewhere(config, { store, keyring, log, now });
  const workers: Workers = {
    store,
    capture,
    pools,
    ...extensions,
    logger: log,
    log: storeLog(log),
    now,
    ask,
    readSoon: createReadSoon(queue, onLost),
    telemetry,
    faults,
    githubParts: elsewhere.githubParts,
    githubUrl: config.githubUrl,
    demoFolder: demoFolderOf(runtime.dataDir),
  };
  const deps: ServerDeps = {
    store,
    keyring,
    ...elsewhere.deps,
    capture,
    ...extensions,
    log,
    telemetry,
    faults,
    readiness: readinessOf(runtime, queue),
    instance: { version: programVersion, store: runtime.embedded === null ? 'external' : 'embedded' },
    ...nudgesBy(ask),
    gitRoots: config.gitRoots,
    readSoon: workers.readSoon,
    demo: { folder: demoFolderOf(runtime.dataDir), makeSoon: () => ask('make-demo') },
    now,
  };
  const app = await buildHttp({ ...deps, protection }, areas(config.roles));
  protection.follow(app);
  return {
    log,
    faults,
    runtime,
    queue,
    workers,
    app,
    protection,
    stopWork: () => disk?.stop(),
    closeWork: () => closeWork({ keys, capture, pools, faults }),
  };
}

async function closeWork(
  work: Pick<Workers, 'capture' | 'pools'> & Pick<Parts, 'faults'> & { keys: { close(): Promise<void> } },
): Promise<void> {
  const { keys, capture, pools, faults } = work;
  await keys.close();
  await capture.close();
  await Promise.all([pools.fresh.close(), pools.retry.close()]);
  await faults.flush();
}

/** What is asked of other services: GitHub, and the mail server. */
function openElsewhere(
  config: CommandContext['config'],
  { store, keyring, log, now }: Pick<ServerDeps, 'store' | 'keyring' | 'log' | 'now'>,
): {
  deps: Pick<ServerDeps, 'publicUrl' | 'mailer' | 'github' | 'githubHost' | 'governor'>;
  githubParts: GithubParts;
} {
  const signIn = signInSettings(config, log);
  const githubHost = githubHostOf(config);
  const governor = openGovernor({ store, log });
  return {
    deps: { ...signIn, githubHost, governor },
    githubParts: { store, keyring, github: githubHost, oauthApp: signIn.github, governor, log: storeLog(log), now },
  };
}

/** What signing in needs from outside: an address, a mail server, an OAuth app. */
function signInSettings(
  config: CommandContext['config'],
  log: Logger,
): Pick<ServerDeps, 'publicUrl' | 'mailer' | 'github'> {
  const { publicUrl = null, smtpUrl, mailFrom, githubClientId, githubClientSecret } = config;
  return {
    publicUrl,
    mailer: smtpUrl === undefined || mailFrom === undefined ? null : openMailer({ smtpUrl, from: mailFrom }, log),
    github:
      githubClientId === undefined || githubClientSecret === undefined
        ? null
        : {
            clientId: githubClientId,
            clientSecret: githubClientSecret,
            url: config.githubUrl,
            apiUrl: config.githubApiUrl,
          },
  };
}

function readinessOf(runtime: Runtime, queue: JobQueue): ServerDeps['readiness'] {
  const demand = async (answer: Promise<boolean>, words: string): Promise<void> => {
    if (!(await answer)) throw new Error(words);
  };
  return [
    { part: 'store', check: () => demand(runtime.store.ping(), 'the store does not answer') },
    { part: 'schema', check: () => demand(isSchemaCurrent(runtime.store), 'the schema is not of this version') },
    {
      part: 'isolation',
      check: () =>
        demand(
          findIsolationGaps(runtime.store).then((gaps) => gaps.length === 0),
          'row-level security has a gap',
        ),
    },
    { part: 'queue', check: () => demand(queue.ping(), 'the queue does not answer') },
  ];
}

async function listen(app: App, config: CommandContext['config']): Promise<string> {
  await app.listen({ port: config.port, host: config.host }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') {
      throw new ConfigError(
        `--port: ${config.port} is taken by another program; choose another, for example --port ${config.port + 1}, or --port 0 for any`,
      );
    }
    if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
      throw new ConfigError(
        `--host: DevPulse may not listen on ${config.host}:${config.port} (${error.code}), for example --host 127.0.0.1 --port 3000`,
      );
    }
    throw error;
  });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.port;
  const host =
    config.host === '0.0.0.0' || config.host === '127.0.0.1' || config.host === '::' ? 'localhost' : config.host;
  return `${config.tlsCert === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

// An operator's patience, and what most supervisors grant before they kill.
const closeWithinMs = 4500;
const requestGraceMs = 2000;
const jobGraceMs = 2500;

function awaitEnd(parts: Parts, address: string, context: CommandContext): RunningServer {
  let finish: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    finish = resolve;
  });
  let closing = false;
  const stop = (code: number): void => {
    if (closing) return;
    closing = true;
    const deadline = setTimeout(() => {
      parts.log.error('not everything could be finished in time');
      process.exit(1);
    }, closeWithinMs);
    closeParts(parts)
      .then(() => finish(code))
      .catch((error: unknown) => {
        parts.log.error({ err: error }, 'closing failed');
        finish(1);
      })
      .finally(() => clearTimeout(deadline));
  };
  // Not `once`: Ctrl-C may arrive twice, from the terminal and from npm, and the second must not kill what is being finished.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  watchProcess(parts.faults, parts.log);
  context.signal.addEventListener('abort', () => stop(0), { once: true });
  parts.runtime.embedded?.onEvent((event) => {
    parts.log.warn({ event }, 'the embedded PostgreSQL');
    if (event === 'lost')
      parts.faults.record({
        error: new Error('the embedded PostgreSQL ended unexpectedly'),
        origin: 'embedded PostgreSQL',
      });
    // Somebody else owns the folder now; writing on would be two masters of one house.
    if (event === 'lock-lost') stop(1);
  });
  return { address, ended, stop: () => stop(0) };
}

async function closeParts(parts: Parts): Promise<void> {
  parts.stopWork();
  await closeHttp(parts.app, requestGraceMs);
  await parts.protection.close();
  await parts.queue.close({ timeoutMs: jobGraceMs });
  await parts.closeWork();
  await parts.runtime.close();
}
