import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Scope } from './scope.ts';

const serverFile = fileURLToPath(new URL('floor-server.ts', import.meta.url));

/** Starts the bare Fastify of the floors. */
export async function openFloor(scope: Scope, secret: string): Promise<{ port: number; pid: number }> {
  const child = spawn(process.execPath, [serverFile, secret], { stdio: ['ignore', 'pipe', 'inherit'] });
  scope.defer(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { port: (JSON.parse(line) as { port: number }).port, pid: child.pid ?? 0 };
}
