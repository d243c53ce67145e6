import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type OpenArguments } from './engines.ts';

/** A second process on the same queue. */
interface QueueProcess {
  lines: readonly string[];
  /** Ends it the way the kernel does when memory runs out. */
  kill: () => Promise<void>;
}

/** Starts a process that works one name, and its schedule if there is one; resolves when it is ready. */
export async function spawnQueueProcess(
  openArguments: OpenArguments,
  job: { name: string; behaviour: 'hang' | 'count'; cron?: string },
): Promise<QueueProcess> {
  const script = fileURLToPath(new URL('queue-process.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [script, JSON.stringify(openArguments), job.name, job.behaviour, job.cron ?? ''],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line === 'ready') resolve();
    });
    child.once('exit', () => reject(new Error(`the second process ended early: ${errors}`)));
  });
  return {
    lines,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
