import { parentPort, workerData } from 'node:worker_threads';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { Connector } from '@devpulse/contract/connector';
import type { Fact } from '@devpulse/contract/facts';
import type { RawEvent } from '@devpulse/contract/raw-event';
import type { FactRows, ParsedBatch, ParseOutcome } from './fact-rows.ts';
import { FactShaper } from './shape-facts.ts';

/** What the pool sends. */
export interface ParseRequest {
  workspaceId: string;
  events: RawEvent[];
}

/** What the pool starts a thread with. */
export interface ParseWorkerData {
  registry: string;
  /** One number that both sides see: which event of the batch is being read, or -1. A thread that hangs can say it no other way. */
  progress: Int32Array;
}

const { registry, progress } = workerData as ParseWorkerData;
const { connectors } = (await import(registry)) as { connectors: Connector[] };
const bySource = new Map(connectors.map((connector) => [connector.id, connector]));

parentPort?.on('message', (request: ParseRequest) => parentPort?.postMessage(parseBatch(request)));

function parseBatch(request: ParseRequest): ParsedBatch {
  const batch = new BatchShaper(request.workspaceId);
  const outcomes = request.events.map((event, index) => {
    Atomics.store(progress, 0, index);
    return parseOne(batch, event);
  });
  Atomics.store(progress, 0, -1);
  const rows = batch.rows();
  return { outcomes, rows: mapTables(rows, JSON.stringify), counts: mapTables(rows, (table) => table.length) };
}

/** Takes the facts of an event whole or not at all: what a failing one told first must not be kept. */
class BatchShaper {
  readonly #workspaceId: string;
  readonly #taken: { source: string; facts: readonly Fact[] }[] = [];
  #shaper = new FactShaper();

  constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  add(source: string, facts: readonly Fact[]): void {
    try {
      this.#shaper.add({ workspaceId: this.#workspaceId, source }, facts);
      this.#taken.push({ source, facts });
    } catch (error) {
      this.#shaper = new FactShaper();
      for (const taken of this.#taken)
        this.#shaper.add({ workspaceId: this.#workspaceId, source: taken.source }, taken.facts);
      throw error;
    }
  }

  rows(): FactRows {
    return this.#shaper.rows();
  }
}

function parseOne(batch: BatchShaper, event: RawEvent): ParseOutcome {
  const connector = bySource.get(event.source);
  if (connector === undefined)
    return { failed: 'unknown_source', detail: `no connector "${event.source}" is installed` };
  try {
    const result = connector.parse({ ...event, body: Buffer.from(event.body) });
    if ('ignored' in result) return result;
    if (result.facts.length === 0) return { ignored: 'no_facts' };
    batch.add(event.source, result.facts);
    return { ok: true };
  } catch (error) {
    if (error instanceof MalformedEvent) return { failed: 'malformed', detail: error.message };
    return { failed: 'parse_crashed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function mapTables<Result>(
  rows: FactRows,
  map: (table: FactRows[keyof FactRows]) => Result,
): Record<keyof FactRows, Result> {
  return {
    identities: map(rows.identities),
    repositories: map(rows.repositories),
    commits: map(rows.commits),
    credits: map(rows.credits),
    files: map(rows.files),
    reach: map(rows.reach),
    baselines: map(rows.baselines),
  };
}
