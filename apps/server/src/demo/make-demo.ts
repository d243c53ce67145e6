import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '@devpulse/db/open-store';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { publishChange } from '../live/announce-change.ts';
import { linkIdentities } from '../people/link-identities.ts';
import { createDemoWorkspace, identityIdOf } from './create-demo-workspace.ts';
import type { DemoPlan } from './demo-state.ts';
import type { DemoTools } from './demo-tools.ts';
import { fillDemo } from './fill-demo.ts';
import { type DemoHold, DemoTaken, holdDemo } from './hold-demo.ts';
import { type DemoStory, tellDemo } from './tell-demo.ts';

/** How it ended. `busy`: somebody else makes it; `interrupted`: it goes on later; `none`: nobody wants one, or no longer. */
export type MadeDemo = { outcome: 'ready' | 'busy' | 'interrupted' | 'none' } | { outcome: 'failed'; error: Error };

/**
 * Makes the demo that was ordered, or goes on where an earlier maker stopped. Its history is written as git repositories and
 * read like any others; nothing is put into facts by hand.
 */
export async function makeDemo(tools: DemoTools): Promise<MadeDemo> {
  const hold = await holdDemo(tools.store);
  if (hold === null) return { outcome: 'none' };
  if (hold === 'busy') return { outcome: 'busy' };
  const signal = AbortSignal.any([tools.signal, hold.signal]);
  try {
    await takeSteps({ ...tools, signal }, hold);
    await hold.release({ state: 'ready' });
    await publishChange(tools.store, hold.plan.workspaceId, { metrics: ['*'], sources: true, people: true });
    return { outcome: 'ready' };
  } catch (error) {
    if (hold.signal.aborted || error instanceof DemoTaken) {
      await hold.release(null);
      return { outcome: 'none' };
    }
    if (tools.signal.aborted) {
      await hold.release(null);
      return { outcome: 'interrupted' };
    }
    const fault = error instanceof Error ? error : new Error(String(error));
    await hold.release({ state: 'failed', error: fault.message });
    return { outcome: 'failed', error: fault };
  }
}

async function takeSteps(tools: DemoTools, hold: DemoHold): Promise<void> {
  const { store, signal } = tools;
  const { plan } = hold;
  const { workspaceId } = plan;
  const tell = (what: string, done: number, total: number | null): void => {
    hold.progress({ what, done, total });
    tools.onProgress?.({ what, done, total });
  };
  tell('Writing repositories', 0, null);
  const folder = path.join(tools.folder, workspaceId);
  const story = await writeOnce({ plan, folder, signal });
  await hold.assert();
  await createDemoWorkspace(store, plan, story);
  await hold.assert();
  await fillDemo({ ...tools, workspaceId, folder, tell, commits: story.commits });
  await hold.assert();
  await linkSelf(store, plan, story);
  tell('Counting days', 0, null);
  await rollUp({ store, metrics: tools.metrics, signal }, workspaceId);
  signal.throwIfAborted();
}

/** The repositories lie there complete, or not at all: whoever was interrupted leaves a folder of another name. */
async function writeOnce(wish: { plan: DemoPlan; folder: string; signal: AbortSignal }): Promise<DemoStory> {
  const { plan, folder, signal } = wish;
  if (await exists(folder)) return tellDemo({ plan, folder: null, signal });
  const unfinished = path.join(path.dirname(folder), `unfinished-${randomUUID()}`);
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    const story = await tellDemo({ plan, folder: unfinished, signal });
    await rename(unfinished, folder);
    return story;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

async function linkSelf(store: Store, plan: DemoPlan, { people, self }: DemoStory): Promise<void> {
  const { workspaceId, personId } = plan;
  const emails = people.find(({ id }) => id === self)?.emails ?? [];
  await linkIdentities({
    store,
    workspaceId,
    identityIds: emails.map((email) => identityIdOf(workspaceId, email)),
    personId,
    reason: 'the demo says who you are',
    by: personId,
  });
}
