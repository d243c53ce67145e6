import {
  type Connector,
  type PullContext,
  type PullEnd,
  type PullProgress,
  SourceUnreadable,
} from '@devpulse/contract/connector';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { type RefusalKind, SourceRefused } from '@devpulse/contract/source-client';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import type { GithubParts } from '../connections/github-parts.ts';
import { noteRepositoryName } from '../connections/watch-repositories.ts';
import { isUnlisted, lendClient } from './lend-client.ts';
import { takeLease } from './source-lease.ts';
import { ReadingStopped, SourceKeeper, type SourceRow } from './source-keeper.ts';

export interface ReadSourceOptions {
  store: Store;
  capture: Capture;
  connectors: ReadonlyMap<string, Connector>;
  log: Log;
  workspaceId: string;
  sourceId: string;
  signal: AbortSignal;
  now: () => Date;
  onProgress?: (progress: PullProgress) => void;
  /** What sources of connections are asked with. */
  githubParts?: GithubParts;
}

/** How a look at a source ended. `busy`: somebody else is reading it now; `stopped`: it was paused or removed meanwhile. */
export type ReadOutcome =
  | { outcome: 'ok'; captured: number; left?: 'more' }
  /** The source asked us to wait. */
  | { outcome: 'waiting' }
  | { outcome: 'busy' }
  | { outcome: 'stopped' }
  | { outcome: 'failed'; error: Error; retry: boolean };

/** Looks at one source and captures what is new. Its state, progress and cursor are kept with the source. */
export async function readSource(options: ReadSourceOptions): Promise<ReadOutcome> {
  const { store, log, workspaceId, sourceId } = options;
  const lease = await takeLease(store, workspaceId, sourceId, log);
  if (lease === null) return { outcome: 'busy' };
  const keeper = new SourceKeeper({ store, log, workspaceId, sourceId, owner: lease.owner, now: options.now });
  try {
    return await pull(options, keeper);
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error;
    return { outcome: error.why === 'taken over' ? 'busy' : 'stopped' };
  } finally {
    await lease.release();
  }
}

async function pull(options: ReadSourceOptions, keeper: SourceKeeper): Promise<ReadOutcome> {
  const source = await keeper.begin();
  const connector = options.connectors.get(source.connector);
  let captured = 0;
  try {
    if (connector?.pull === undefined)
      throw new SourceUnreadable('failed', `the connector "${source.connector}" cannot pull`, { retry: false });
    const settings = connector.settings.parse(source.settings);
    const signal = AbortSignal.any([options.signal, keeper.signal]);
    const context: PullContext = {
      cursor: source.cursor,
      capture: async (events) => {
        captured += await capture(options, source.connector, events);
      },
      saveCursor: (cursor) => keeper.saveCursor(cursor),
      progress: (progress) => {
        options.onProgress?.(progress);
        keeper.progress(progress);
      },
      signal,
      now: options.now,
      ...lend(options, source, signal),
    };
    const { left, until = null }: PullEnd = (await connector.pull(settings, context)) ?? { left: 'nothing' };
    await keeper.end({ state: 'read', left, until, changed: captured > 0 });
    return left === 'nothing' || until !== null
      ? { outcome: 'ok', captured }
      : { outcome: 'ok', captured, left: 'more' };
  } catch (error) {
    keeper.signal.throwIfAborted();
    return meetFailure(options, keeper, error);
  }
}

/** What a source of a connection is read with. */
function lend(options: ReadSourceOptions, source: SourceRow, signal: AbortSignal): Partial<PullContext> {
  const { githubParts: parts, workspaceId } = options;
  const { connection_id: connectionId, natural_key: key } = source;
  if (connectionId === null || parts === undefined) return {};
  const borrower = { workspaceId, connectionId, signal };
  return {
    client: lendClient(parts, borrower, source.isAsked ? 'person' : 'live'),
    history: lendClient(parts, borrower, 'history'),
    isGone: () => isUnlisted(parts, borrower, key),
    rename: (name) =>
      options.store.inWorkspace(workspaceId, (trx) =>
        noteRepositoryName(trx, parts.github.host, key.slice(key.lastIndexOf('/') + 1), name),
      ),
  };
}

async function meetFailure(options: ReadSourceOptions, keeper: SourceKeeper, error: unknown): Promise<ReadOutcome> {
  const fault = error instanceof Error ? error : new Error(String(error));
  // Stopping us is no failure of the source: whoever looks next goes on where the cursor stands.
  if (options.signal.aborted) {
    await keeper.interrupt();
    return { outcome: 'failed', error: fault, retry: true };
  }
  if (error instanceof SourceRefused && error.kind === 'throttled') {
    await keeper.end({ state: 'waiting', until: error.until });
    return { outcome: 'waiting' };
  }
  await keeper.end({ state: 'failed', error: { code: codeOf(error), message: fault.message } });
  const retry = error instanceof SourceUnreadable ? error.retry : codeOf(error) !== 'reconnect';
  return { outcome: 'failed', error: fault, retry };
}

const codes: Record<RefusalKind, string> = {
  throttled: 'failed',
  unauthenticated: 'reconnect',
  denied: 'denied',
  missing: 'missing',
  partial: 'partial',
  failed: 'failed',
};

function codeOf(error: unknown): string {
  if (error instanceof SourceRefused) return codes[error.kind];
  return error instanceof SourceUnreadable ? error.code : 'failed';
}

async function capture(options: ReadSourceOptions, source: string, events: RawEventInput[]): Promise<number> {
  const outcomes = await options.capture.add(
    events.map((event) => ({
      workspaceId: options.workspaceId,
      source,
      key: event.key,
      kind: event.kind,
      arrival: event.arrival,
      body: Buffer.from(event.body.buffer, event.body.byteOffset, event.body.byteLength),
    })),
  );
  return outcomes.filter((outcome) => outcome === 'accepted').length;
}
