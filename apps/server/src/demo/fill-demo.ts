import { sql } from 'kysely';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import { addSource } from '../sources/add-source.ts';
import { readSource } from '../sources/read-source.ts';
import type { DemoTools } from './demo-tools.ts';
import { DemoTaken } from './hold-demo.ts';

interface FillOptions extends DemoTools {
  workspaceId: string;
  /** Holds the repositories. */
  folder: string;
  tell: (what: string, done: number, total: number) => void;
  /** How many commits there are to be read. */
  commits: number;
}

/** Adds the repositories as sources, has each read to its end, and waits until everything captured is facts. */
export async function fillDemo(options: FillOptions): Promise<void> {
  const { store, workspaceId, signal } = options;
  const git = options.connectors.get('git');
  if (git?.discover === undefined) throw new Error('the git connector is not installed');
  const found = await git.discover(options.folder);
  const draining = drainAlongside(options);
  try {
    let before = 0;
    for (const repository of found) {
      signal.throwIfAborted();
      const { sourceId } = await addSource(store, workspaceId, 'git', repository);
      before += await readToEnd(options, sourceId, before);
    }
    await settle(options, draining.check);
  } finally {
    await draining.stop();
  }
}

const pauseMs = 200;

/** Facts are made while git still lists: the two need different processors. */
function drainAlongside(options: FillOptions): { check: () => void; stop: () => Promise<void> } {
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const faults: Error[] = [];
  const loop = (async () => {
    while (!signal.aborted) {
      await drainInbox({ ...options, signal }, options.workspaceId, 'fresh');
      await drainInbox({ ...options, signal }, options.workspaceId, 'retry');
      await sleep(pauseMs);
    }
  })().catch((error: Error) => void faults.push(error));
  const check = (): void => {
    if (faults[0] !== undefined) throw faults[0];
  };
  return {
    check,
    stop: async () => {
      stopped.abort();
      await loop;
    },
  };
}

/** Answers how many commits there were. A source that somebody else reads is waited for. */
async function readToEnd(options: FillOptions, sourceId: string, before: number): Promise<number> {
  let seen = 0;
  while (true) {
    const result = await readSource({
      ...options,
      sourceId,
      onProgress: ({ done }) => {
        seen = Math.max(seen, done);
        options.tell('Reading commits', before + seen, options.commits);
      },
    });
    options.signal.throwIfAborted();
    if (result.outcome === 'ok') return seen;
    if (result.outcome === 'stopped') throw new DemoTaken('a source of the demo was removed while it was read');
    if (result.outcome === 'failed') throw result.error;
    await sleep(pauseMs);
  }
}

/** Other workers may have some of the events in hand: only when none is left are the facts complete. */
async function settle(options: FillOptions, check: () => void): Promise<void> {
  const { store, workspaceId, signal } = options;
  while (true) {
    signal.throwIfAborted();
    check();
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ all: number; open: number; lost: number }>`
        select count(*)::integer as all, count(*) filter (where state in ('pending', 'leased'))::integer as open,
               count(*) filter (where state = 'dead')::integer as lost
        from raw_events where workspace_id = ${workspaceId}`.execute(trx),
    );
    const { all = 0, open = 0, lost = 0 } = rows[0] ?? {};
    if (lost > 0) throw new Error(`${lost} events of the demo could not be read`);
    options.tell('Taking commits in', all - open, all);
    if (open === 0) return;
    await sleep(pauseMs);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
