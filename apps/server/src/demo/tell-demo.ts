import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Scenario } from '@devpulse/scenarios/history';
import type { DemoPlan } from './demo-state.ts';

/** What has to be known of the made-up year once its histories are written. */
export interface DemoStory extends Pick<Scenario, 'zone' | 'self' | 'people'> {
  commits: number;
}

/** What the thread is given; without a folder it writes nothing. */
export interface TellDemo {
  plan: Pick<DemoPlan, 'seed' | 'endDay' | 'until'>;
  folder: string | null;
}

/**
 * Makes the year up and writes its repositories, in a thread of its own: it takes a second or two of nothing but computing, in
 * which the server would answer nobody.
 */
export async function tellDemo(wish: TellDemo & { signal: AbortSignal }): Promise<DemoStory> {
  const { plan, folder, signal } = wish;
  signal.throwIfAborted();
  const data: TellDemo = { plan, folder };
  const worker = new Worker(new URL('./tell-demo-worker.ts', import.meta.url), { workerData: data });
  try {
    const [story] = (await once(worker, 'message', { signal })) as [DemoStory];
    return story;
  } finally {
    await worker.terminate();
  }
}
