import { randomUUID } from 'node:crypto';
import { claimEvents, type ClaimedEvent, type Lane, returnEvents } from './claim-events.ts';
import type { DrainOptions } from './drain-options.ts';
import type { ParsedBatch } from './fact-rows.ts';

/** Claimed events, and what waits for the facts in them. */
export interface Batch {
  events: ClaimedEvent[];
  parse(): Promise<ParsedBatch>;
}

const defaultBatch = 500;

/**
 * Claims batches one after another. While much waits it is one ahead: the next batch is parsed in its thread while the facts of
 * the one before are being written. Of a few events nothing is claimed ahead.
 */
export class BatchAhead {
  readonly #options: DrainOptions;
  readonly #workspaceId: string;
  readonly #lane: Lane;
  #next: Promise<Batch> | undefined;

  constructor(options: DrainOptions, workspaceId: string, lane: Lane) {
    this.#options = options;
    this.#workspaceId = workspaceId;
    this.#lane = lane;
  }

  /** The next batch; empty when nothing is due. */
  async take(): Promise<Batch> {
    const claimed = await this.#next;
    this.#next = undefined;
    // What came while the last batch was being written was not there yet when nothing was found for this one.
    const batch = claimed === undefined || claimed.events.length === 0 ? await this.#claim() : claimed;
    // What failed before is read one by one: nothing of it is parsed in batches.
    const isBusy = this.#lane === 'fresh' && batch.events.length === this.#limit;
    if (isBusy) this.#next = this.#claimAndParse();
    // Its fault is told to whoever takes it, not as an unhandled one before.
    this.#next?.catch(() => undefined);
    return batch;
  }

  /** Lets others have what was claimed and is not going to be read. */
  async giveBack(): Promise<void> {
    const next = await this.#next?.catch(() => undefined);
    this.#next = undefined;
    if (next === undefined || next.events.length === 0) return;
    const { store } = this.#options;
    await store.inWorkspace(this.#workspaceId, (trx) => returnEvents(trx, this.#workspaceId, next.events));
  }

  get #limit(): number {
    return this.#lane === 'fresh' ? (this.#options.batchSize ?? defaultBatch) : 50;
  }

  async #claim(): Promise<Batch> {
    const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
    const claim = { workspaceId: this.#workspaceId, owner, lane: this.#lane, limit: this.#limit };
    const { store, pools } = this.#options;
    const events = await store.inWorkspace(this.#workspaceId, (trx) => claimEvents(trx, claim));
    return { events, parse: () => pools[this.#lane].parseAround(this.#workspaceId, events) };
  }

  async #claimAndParse(): Promise<Batch> {
    const { events, parse } = await this.#claim();
    if (events.length === 0) return { events, parse };
    const parsing = parse();
    parsing.catch(() => undefined);
    return { events, parse: () => parsing };
  }
}
