import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connector, type PullContext, SourceUnreadable } from '@devpulse/contract/connector';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { type Capture, openCapture } from '@devpulse/pipeline/capture/open-capture';
import { addSource } from './add-source.ts';
import { pauseSource, removeSource } from './change-source.ts';
import { listSources } from './list-sources.ts';
import { readSource, type ReadOutcome } from './read-source.ts';

let test: TestStore;
let capture: Capture;
let made = 0;

beforeAll(async () => {
  test = await createTestStore();
  capture = openCapture({ store: test.store });
});
afterAll(async () => {
  await capture.close();
  await test.close();
});

interface Reading {
  sourceId: string;
  look(): Promise<Awaited<ReturnType<typeof listSources>>['sources'][number] | undefined>;
  /** What the connector does when it is asked to pull. */
  run(pull: (context: PullContext) => Promise<void>, signal?: AbortSignal): Promise<ReadOutcome>;
}

async function open(): Promise<Reading> {
  const { store, workspaceId, ownerId } = test;
  const viewer = { workspaceId, personId: ownerId, role: 'owner' as const };
  made += 1;
  const found = { naturalKey: `n${made}`, name: `source ${made}`, settings: { path: '/somewhere' } };
  const { sourceId } = await addSource(store, workspaceId, 'told', found);
  return {
    sourceId,
    look: async () =>
      (await listSources({ store, viewer, now: new Date() })).sources.find((source) => source.id === sourceId),
    run: (pull, signal = new AbortController().signal) =>
      readSource({
        store,
        capture,
        connectors: new Map([['told', tell(pull)]]),
        log: () => undefined,
        workspaceId,
        sourceId,
        signal,
        now: () => new Date(),
      }),
  };
}

function tell(pull: (context: PullContext) => Promise<void>): Connector {
  return {
    id: 'told',
    title: 'Told',
    summary: '',
    settings: z.unknown(),
    kinds: [],
    pull: (_settings, context) => pull(context),
    parse: () => ({ facts: [] }),
  };
}

/** Until the host ends it, as a long look would. */
function endless(context: PullContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(context.signal.reason as Error);
    if (context.signal.aborted) end();
    context.signal.addEventListener('abort', end);
  });
}

describe('readSource', () => {
  it('shows how far it is while it reads, and what came of it', async () => {
    const reading = await open();
    const outcome = await reading.run(async (context) => {
      expect(await reading.look()).toMatchObject({ state: 'reading', progress: null });
      let done = 0;
      // A reader tells far more often than can be shown; all the same the row follows.
      await expect
        .poll(async () => {
          context.progress({ what: 'x', done: (done += 1), total: 1000 });
          return (await reading.look())?.progress?.done ?? 0;
        })
        .toBeGreaterThan(1);
    });
    expect(outcome).toEqual({ outcome: 'ok', captured: 0 });
    expect(await reading.look()).toMatchObject({ state: 'ok', progress: null, lastCheckedAt: expect.any(String) });
  });

  it('lets one reader in at a time', async () => {
    const reading = await open();
    await reading.run(async () => {
      expect(await reading.run(async () => undefined)).toEqual({ outcome: 'busy' });
    });
  });

  it('stops when it is paused, and leaves it paused', async () => {
    const reading = await open();
    const outcome = await reading.run(async (context) => {
      await pauseSource(test.store, test.workspaceId, reading.sourceId);
      context.progress({ what: 'x', done: 1, total: 2 });
      await endless(context);
    });
    expect(outcome).toEqual({ outcome: 'stopped' });
    expect(await reading.look()).toMatchObject({ state: 'paused', progress: null, lastError: null });
    expect(await reading.run(async () => undefined)).toEqual({ outcome: 'stopped' });
  });

  it('stays paused even when the reader was done before it could be told', async () => {
    const reading = await open();
    const outcome = await reading.run(() => pauseSource(test.store, test.workspaceId, reading.sourceId));
    expect([outcome, (await reading.look())?.state]).toEqual([{ outcome: 'stopped' }, 'paused']);
  });

  it('stops without a fault when it is removed', async () => {
    const reading = await open();
    const outcome = await reading.run(async (context) => {
      await removeSource(test.store, test.workspaceId, reading.sourceId);
      await context.saveCursor({ at: 1 });
    });
    expect([outcome, await reading.look()]).toEqual([{ outcome: 'stopped' }, undefined]);
  });

  it('is not called failed when the program stops it', async () => {
    const reading = await open();
    const stop = new AbortController();
    const outcome = await reading.run(async (context) => {
      stop.abort();
      await endless(context);
    }, stop.signal);
    expect(outcome).toMatchObject({ outcome: 'failed', retry: true });
    expect(await reading.look()).toMatchObject({ state: 'reading', progress: null, lastError: null });
  });

  it('keeps the reason with the source when it fails', async () => {
    const reading = await open();
    await reading.run(async () => {
      throw new SourceUnreadable('vanished', 'gone', { retry: true });
    });
    expect(await reading.look()).toMatchObject({ state: 'failed', lastError: { code: 'vanished', message: 'gone' } });
  });
});
