import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A throw-away Redis on a free port of the loopback, with nothing on disk. */
export interface TestRedis {
  url: string;
  /** Stops as a crash does and comes back, empty. */
  restart: () => Promise<void>;
  halt: () => Promise<void>;
}

/** Starts the `redis-server` of the machine; one that has none fails here, with what to install. */
export async function startRedisForTests(): Promise<TestRedis> {
  const port = await freePort();
  let server = await launch(port);
  const halt = async (): Promise<void> => end(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    halt,
    restart: async () => {
      await halt();
      server = await launch(port);
    },
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    server.once('spawn', resolve);
    server.once('error', (cause) => {
      reject(new Error('the queue tests need a Redis server: apt-get install redis-server', { cause }));
    });
  });
  const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 30, maxRetriesPerRequest: 500 });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
  return server;
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
