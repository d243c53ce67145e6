import { readFileSync } from 'node:fs';
import type { Fact } from '@devpulse/contract/facts';
import { defineMetric, type LoadedMetric } from '@devpulse/contract/metric';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import type { CaptureOutcome, CaptureRow } from '../capture/capture-row.ts';
import { type Capture, openCapture } from '../capture/open-capture.ts';
import { drainInbox, type DrainResult } from '../derive/drain-inbox.ts';
import type { DrainOptions } from '../derive/drain-options.ts';
import { ParsePool } from '../derive/parse-pool.ts';
import { rollUp, type RollupOptions } from '../rollup/roll-up.ts';

/** An event as tests tell of it. */
export interface ToldEvent {
  key: string;
  kind?: string;
  source?: string;
  facts?: Fact[];
  body?: string | Buffer;
}

/** A whole pipeline over a store of its own, worked by hand. */
export interface Pipeline extends TestStore {
  capture: Capture;
  pools: DrainOptions['pools'];
  metrics: ReadonlyMap<string, LoadedMetric>;
  send(events: ToldEvent[]): Promise<CaptureOutcome[]>;
  drain(options?: Partial<DrainOptions>): Promise<DrainResult>;
  roll(options?: Partial<RollupOptions>): Promise<number>;
  /** The same machinery, over a new workspace of the same store. */
  inNewWorkspace(settings?: { zone?: string }): Promise<Pipeline>;
}

/** Two metrics that show all an engine has to do: whole things, and amounts with exclusions and parts. */
export const testMetrics = new Map<string, LoadedMetric>(
  [
    defineMetric({
      id: 'test_commits',
      title: 'Commits',
      unit: 'commits',
      better: 'neither',
      definition: 'Every commit once.',
      version: 1,
      subjects: ['person', 'workspace'],
      kind: 'count',
      parts: 'weekday-hour',
      leftOut: { automation: 'by automation', agent: 'by an agent' },
    }),
    defineMetric({
      id: 'test_lines',
      title: 'Lines',
      unit: 'lines',
      better: 'neither',
      definition: 'Lines added.',
      version: 1,
      subjects: ['person', 'workspace'],
      kind: 'samples',
      parts: 'none',
      leftOut: { automation: 'by automation', agent: 'by an agent', lockfile: 'lock files' },
    }),
  ].map((metric) => [
    metric.id,
    { ...metric, sql: readFileSync(new URL(`./${metric.id}.sql`, import.meta.url), 'utf8') },
  ]),
);

/** Opens a pipeline with the test connector, and with the test metrics unless others are given. */
export async function createPipeline(
  settings: { zone?: string; batchTimeoutMs?: number; metrics?: ReadonlyMap<string, LoadedMetric> } = {},
): Promise<Pipeline> {
  const test = await createTestStore(settings);
  const capture = openCapture({ store: test.store });
  const pools = { fresh: createPool(settings), retry: createPool(settings) };
  const close = async (): Promise<void> => {
    await capture.close();
    await Promise.all([pools.fresh.close(), pools.retry.close()]);
    await test.close();
  };
  return scopePipeline({ ...test, capture, pools, metrics: settings.metrics ?? testMetrics, close });
}

type Machinery = Pick<Pipeline, 'capture' | 'pools' | 'metrics'> & TestStore;

function scopePipeline(machinery: Machinery): Pipeline {
  const { store, workspaceId, capture, pools, metrics } = machinery;
  return {
    ...machinery,
    send: (events) => capture.add(events.map((event) => toRow(workspaceId, event))),
    drain: (options = {}) => drainBoth({ store, pools, log: () => undefined, ...options }, workspaceId),
    roll: async (options = {}) => (await rollUp({ store, metrics, ...options }, workspaceId)).cells,
    inNewWorkspace: async (settings) => scopePipeline({ ...machinery, ...(await machinery.addWorkspace(settings)) }),
  };
}

function createPool(settings: { batchTimeoutMs?: number }): ParsePool {
  return new ParsePool({
    registry: new URL('./registry.ts', import.meta.url).href,
    heapMegabytes: 128,
    ...(settings.batchTimeoutMs === undefined ? {} : { batchTimeoutMs: settings.batchTimeoutMs }),
  });
}

function toRow(
  workspaceId: string,
  { key, kind = 'facts', source = 'plain', facts = [], body }: ToldEvent,
): CaptureRow {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body ?? JSON.stringify(facts));
  return { workspaceId, source, key, kind, arrival: 'push', body: bytes };
}

async function drainBoth(options: DrainOptions, workspaceId: string): Promise<DrainResult> {
  const fresh = await drainInbox(options, workspaceId, 'fresh');
  const retry = await drainInbox(options, workspaceId, 'retry');
  return { done: fresh.done + retry.done, ignored: fresh.ignored + retry.ignored, failed: fresh.failed + retry.failed };
}
