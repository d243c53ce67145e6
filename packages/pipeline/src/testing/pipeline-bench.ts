import { readFileSync } from 'node:fs';
import type { Fact } from '@devpulse/contract/facts';
import { defineMetric, type LoadedMetric } from '@devpulse/contract/metric';
import type { Store } from '@devpulse/db/open-store';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { type Capture, openCapture } from '../capture/open-capture.ts';
import { drainInbox, type DrainOptions, type DrainResult } from '../derive/drain-inbox.ts';
import { ParsePool } from '../derive/parse-pool.ts';
import { rollUp } from '../rollup/roll-up.ts';

/** A whole pipeline over a store of its own, worked by hand. */
export interface Pipeline extends TestStore {
  capture: Capture;
  pools: DrainOptions['pools'];
  metrics: Map<string, LoadedMetric>;
  send(events: { key: string; kind?: string; facts?: Fact[]; body?: string }[]): Promise<void>;
  drain(options?: Partial<DrainOptions>): Promise<DrainResult>;
  roll(): Promise<number>;
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
  ].map((metric) => [metric.id, { ...metric, sql: readFileSync(new URL(`./${metric.id}.sql`, import.meta.url), 'utf8') }]),
);

/** Opens a pipeline with the test connector and the test metrics. */
export async function createPipeline(settings: { zone?: string; batchTimeoutMs?: number } = {}): Promise<Pipeline> {
  const test = await createTestStore(settings);
  const capture = openCapture({ store: test.store });
  const pools = { fresh: createPool(settings), retry: createPool(settings) };
  const metrics = testMetrics;
  return {
    ...test,
    capture,
    pools,
    metrics,
    send: (events) => send(capture, test.workspaceId, events),
    drain: (options = {}) => drainBoth({ store: test.store, pools, log: () => undefined, ...options }, test.workspaceId),
    roll: async () => (await rollUp({ store: test.store, metrics }, test.workspaceId)).cells,
    close: async () => {
      await capture.close();
      await Promise.all([pools.fresh.close(), pools.retry.close()]);
      await test.close();
    },
  };
}

function createPool(settings: { batchTimeoutMs?: number }): ParsePool {
  return new ParsePool({
    registry: new URL('./registry.ts', import.meta.url).href,
    heapMegabytes: 128,
    ...(settings.batchTimeoutMs === undefined ? {} : { batchTimeoutMs: settings.batchTimeoutMs }),
  });
}

async function send(
  capture: Capture,
  workspaceId: string,
  events: { key: string; kind?: string; facts?: Fact[]; body?: string }[],
): Promise<void> {
  await capture.add(
    events.map(({ key, kind = 'facts', facts = [], body }) => ({
      workspaceId,
      source: 'plain',
      key,
      kind,
      arrival: 'push',
      body: Buffer.from(body ?? JSON.stringify(facts)),
    })),
  );
}

async function drainBoth(options: DrainOptions, workspaceId: string): Promise<DrainResult> {
  const fresh = await drainInbox(options, workspaceId, 'fresh');
  const retry = await drainInbox(options, workspaceId, 'retry');
  return { done: fresh.done + retry.done, ignored: fresh.ignored + retry.ignored, failed: fresh.failed + retry.failed };
}

/** Every fact and every rolled-up day of a workspace as sorted text lines: equal lines mean equal stores. */
export async function dumpNumbers(store: Store, workspaceId: string): Promise<string[]> {
  const tables = ['fact_identities', 'fact_repositories', 'fact_commits', 'fact_commit_credits', 'fact_commit_files', 'fact_commit_reach', 'rollup_days'] as const;
  const lines: string[] = [];
  for (const table of tables) {
    const rows = await store.inWorkspace(workspaceId, (trx) => trx.selectFrom(table).selectAll().execute());
    for (const row of rows) lines.push(`${table} ${JSON.stringify({ ...row, workspace_id: undefined })}`);
  }
  return lines.toSorted();
}
