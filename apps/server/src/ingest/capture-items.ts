import { setImmediate } from 'node:timers/promises';
import { AppError, type ErrorCode } from '@devpulse/contract/errors';
import {
  type CaptureAnswer,
  type ItemFault,
  type ItemResult,
  type ItemState,
  itemStates,
} from '@devpulse/contract/wire/events';
import type { ServerDeps, Viewer } from '../deps.ts';
import { type BadItem, type ReadItem, readItems } from './read-items.ts';

// Others wait while a body is walked through; at about 0.3 GB/s this much is a few milliseconds.
const bytesPerTurn = 1024 * 1024;
const problemsShown = 100;

/** Stores what can be stored of a body and says of each item what became of it. What it resolves for is on disk. */
export async function captureItems(
  deps: ServerDeps,
  viewer: Viewer,
  body: { bytes: Buffer; format: 'json' | 'ndjson' },
): Promise<CaptureAnswer> {
  const items = await readAll(deps, body);
  const good = items.filter((item) => 'body' in item);
  if (good.length === 0) throw refuseAll(items);
  const outcomes = await deps.capture.add(
    good.map((item) => ({
      workspaceId: viewer.workspaceId,
      source: item.source,
      key: item.key,
      kind: item.kind,
      arrival: 'push' as const,
      body: item.body,
    })),
  );
  const states = new Map<ReadItem, ItemState>(good.map((item, index) => [item, outcomes[index] ?? failMissing()]));
  const results = items.map((item, index) => describeItem(item, index, states.get(item) ?? 'rejected'));
  countOutcomes(deps, items, results);
  return { ...sumUp(results), items: results };
}

async function readAll(deps: ServerDeps, body: { bytes: Buffer; format: 'json' | 'ndjson' }): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  let sinceTurn = 0;
  for (const item of readItems(body.bytes, body.format)) {
    items.push(requireConnector(deps, item));
    sinceTurn += 'body' in item ? item.body.length : 0;
    if (sinceTurn > bytesPerTurn) {
      sinceTurn = 0;
      await setImmediate();
    }
  }
  return items;
}

function requireConnector(deps: ServerDeps, item: ReadItem): ReadItem {
  if (!('body' in item) || deps.connectors.has(item.source)) return item;
  return {
    key: item.key,
    fault: 'unknown_source',
    path: 'source',
    message: `no connector "${item.source}" is installed`,
  };
}

function failMissing(): never {
  throw new Error('capture answered for fewer events than it was given');
}

function describeItem(item: ReadItem, index: number, status: ItemState): ItemResult {
  if ('body' in item) return { index, key: item.key, status };
  return { index, key: item.key, status, problem: { code: item.fault, path: item.path, message: item.message } };
}

function sumUp(results: ItemResult[]): Record<ItemState, number> {
  const sums = Object.fromEntries(itemStates.map((state) => [state, 0])) as Record<ItemState, number>;
  for (const { status } of results) sums[status] += 1;
  return sums;
}

function countOutcomes(deps: ServerDeps, items: ReadItem[], results: ItemResult[]): void {
  // A source that nobody knows is somebody's typing: it must not become a label.
  const named = items.map((item, index) => ({
    source: 'body' in item ? item.source : 'none',
    outcome: results[index]?.status ?? 'rejected',
  }));
  for (const [label, group] of Map.groupBy(named, ({ source, outcome }) => `${source} ${outcome}`)) {
    const [source = '', outcome = ''] = label.split(' ');
    deps.telemetry.eventsCaptured(source, outcome, group.length);
  }
}

const codes: Record<ItemFault, ErrorCode> = {
  malformed: 'malformed_body',
  too_deep: 'too_deep',
  invalid: 'invalid_request',
  unknown_source: 'invalid_request',
};

/** Nothing of it can be stored: an error of the whole request, since a sender may look at the status alone. */
function refuseAll(items: ReadItem[]): AppError {
  const faults = items.filter((item): item is BadItem => 'fault' in item);
  const found = new Set(faults.map((item) => codes[item.fault]));
  const [only = 'invalid_request'] = found;
  const problems = faults.slice(0, problemsShown).map((item, index) => ({
    path: `items[${index}]${item.path === '' ? '' : `.${item.path}`}`,
    message: item.message,
  }));
  const more = faults.length > problemsShown ? ` The first ${problemsShown} are named.` : '';
  const detail =
    faults.length === 1
      ? `${problems[0]?.path ?? ''}: ${problems[0]?.message ?? ''}`
      : `None of ${faults.length} items can be stored.${more}`;
  return new AppError(found.size === 1 ? only : 'invalid_request', detail, { problems });
}
