import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@devpulse/db/open-store';
import { type DemoState, readDemoState } from './demo-state.ts';

const pauseMs = 1000;

/** Waits until the demo is made, failed or no longer wanted. */
export async function awaitDemo(store: Store, signal: AbortSignal): Promise<DemoState> {
  while (true) {
    const state = await readDemoState(store);
    if (state.state !== 'making') return state;
    await sleep(pauseMs, undefined, { signal });
  }
}
