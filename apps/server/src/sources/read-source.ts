import { type Connector, type PullContext, type PullProgress, SourceUnreadable } from '@devpulse/contract/connector';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import { takeLease } from './source-lease.ts';
import { ReadingStopped, SourceKeeper } from './source-keeper.ts';

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
}

/** How a look at a source ended. `busy`: somebody else is reading it now; `stopped`: it was paused or removed meanwhile. */
export type ReadOutcome =
  | { outcome: 'ok'; captured: number }
  | { outcome: 'busy' }
  | { outcome: 'stopped' }
  | { outcome: 'failed'; error: Error; retry: boolean };

/** Looks at one source and captures what is new. Its state, progress and cursor are kept with the source. */
export async function readSource(options: ReadSourceOptions): Promise<ReadOutcome> {
  const { store, log, workspaceId, sourceId } = options;
  const lease = await takeLease(store, workspaceId, sourceId, log);
  if (lease === null) return { outcome: 'busy' };
  const keeper = new SourceKeeper({ store, log, workspaceId, sourceId, owner: lease.owner });
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
      signal: AbortSignal.any([options.signal, keeper.signal]),
      now: options.now,
    };
    await connector.pull(settings, context);
    await keeper.end({ state: 'ok' });
    return { outcome: 'ok', captured };
  } catch (error) {
    keeper.signal.throwIfAborted();
    const known = error instanceof SourceUnreadable ? error : null;
    const fault = error instanceof Error ? error : new Error(String(error));
    // Stopping us is no failure of the source: whoever looks next goes on where the cursor stands.
    if (options.signal.aborted) {
      await keeper.interrupt();
      return { outcome: 'failed', error: fault, retry: true };
    }
    await keeper.end({ state: 'failed', error: { code: known?.code ?? 'failed', message: fault.message } });
    return { outcome: 'failed', error: fault, retry: known?.retry ?? true };
  }
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
