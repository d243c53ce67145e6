import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import type { Scope } from './scope.ts';

const clientFile = fileURLToPath(new URL('load-client.ts', import.meta.url));

/** Runs a load client in a process of its own. */
export async function runLoad(scope: Scope, plan: LoadPlan): Promise<LoadResult> {
  const child = spawn(process.execPath, [clientFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  scope.defer(() => child.kill('SIGKILL'));
  child.stdin.end(JSON.stringify(plan));
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (said === '') throw new Error('the load client ended without a result');
  return JSON.parse(said) as LoadResult;
}
