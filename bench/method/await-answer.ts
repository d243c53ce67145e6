import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 5;

/** A port that is free now. */
export function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Asks again and again until the wanted status comes, and says how many seconds that took. */
export async function awaitAnswer(
  ask: () => Promise<Response>,
  wanted: { status: number; withinMs: number },
): Promise<number> {
  const began = performance.now();
  let last = 'nothing';
  while (performance.now() - began < wanted.withinMs) {
    try {
      const response = await ask();
      await response.arrayBuffer();
      if (response.status === wanted.status) return (performance.now() - began) / 1000;
      last = String(response.status);
    } catch (error) {
      // Nobody listens yet: that is what is being waited for.
      last = (error as Error).message;
    }
    await sleep(pauseMs);
  }
  throw new Error(`no ${wanted.status} within ${wanted.withinMs} ms; the last answer was ${last}`);
}
