import { sql } from 'kysely';
import { type Connector, type PullContext, type PullProgress, SourceUnreadable } from '@devpulse/contract/connector';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import { takeLease } from './source-lease.ts';

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

/** How a look at a source ended. `busy`: somebody else is reading it now. */
export type ReadOutcome =
  | { outcome: 'ok'; captured: number }
  | { outcome: 'busy' }
  | { outcome: 'failed'; error: Error; retry: boolean };

/** The lease was lost to another reader; nothing more may be written by this one. */
class SourceTakenOver extends Error {
  override name = 'SourceTakenOver';
}

/** Looks at one source and captures what is new. Its state, progress and cursor are kept with the source. */
export async function readSource(options: ReadSourceOptions): Promise<ReadOutcome> {
  const { store, workspaceId, sourceId } = options;
  const lease = await takeLease(store, workspaceId, sourceId, options.log);
  if (lease === null) return { outcome: 'busy' };
  const keeper = new SourceKeeper(options, lease.owner);
  try {
    return await pull(options, keeper);
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
      progress: (progress) => keeper.progress(progress),
      signal: options.signal,
      now: options.now,
    };
    await connector.pull(settings, context);
    await keeper.end({ state: 'ok' });
    return { outcome: 'ok', captured };
  } catch (error) {
    const known = error instanceof SourceUnreadable ? error : null;
    const fault = error instanceof Error ? error : new Error(String(error));
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

interface SourceRow {
  connector: string;
  settings: unknown;
  cursor: unknown;
}

/** Writes what is known of a source, as long as the lease is ours. */
class SourceKeeper {
  readonly #options: ReadSourceOptions;
  readonly #owner: string;
  #progressAt = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: ReadSourceOptions, owner: string) {
    this.#options = options;
    this.#owner = owner;
  }

  async begin(): Promise<SourceRow> {
    const { store, workspaceId, sourceId } = this.#options;
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<SourceRow>`
        update sources set last_error = null,
            -- Looking again at what is known does not make its numbers partial; only the first look does.
            state = case when last_checked_at is null then 'reading' else state end where id = ${sourceId} and lease_owner = ${this.#owner}
        returning connector, settings, cursor`.execute(trx),
    );
    const row = rows[0];
    if (row === undefined) throw new SourceTakenOver('somebody else reads this source now');
    return row;
  }

  async saveCursor(cursor: unknown): Promise<void> {
    await this.#write(sql`cursor = ${JSON.stringify(cursor)}::jsonb`);
  }

  progress(progress: PullProgress): void {
    this.#options.onProgress?.(progress);
    if (Date.now() - this.#progressAt < 1000) return;
    this.#progressAt = Date.now();
    this.#saving = this.#saving
      .then(() => this.#write(sql`progress = ${JSON.stringify(progress)}::jsonb`))
      .catch((error: Error) => this.#options.log('warn', 'progress could not be saved', { error: error.message }));
  }

  async end(result: { state: 'ok' } | { state: 'failed'; error: { code: string; message: string } }): Promise<void> {
    await this.#saving;
    const error = result.state === 'failed' ? JSON.stringify(result.error) : null;
    await this.#write(sql`state = ${result.state}, last_error = ${error}::jsonb, progress = null,
      last_checked_at = case when ${result.state} = 'ok' then now() else last_checked_at end`);
  }

  async #write(assignment: ReturnType<typeof sql>): Promise<void> {
    const { store, workspaceId, sourceId } = this.#options;
    const result = await store.inWorkspace(workspaceId, (trx) =>
      sql`update sources set ${assignment} where id = ${sourceId} and lease_owner = ${this.#owner}`.execute(trx),
    );
    if (Number(result.numAffectedRows ?? 0n) === 0) throw new SourceTakenOver('somebody else reads this source now');
  }
}
