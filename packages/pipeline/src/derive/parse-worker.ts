import { parentPort, workerData } from 'node:worker_threads';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { Connector } from '@devpulse/contract/connector';
import type { RawEvent } from '@devpulse/contract/raw-event';
import type { FactRows, ParsedBatch, ParseOutcome } from './fact-rows.ts';
import { FactShaper } from './shape-facts.ts';

/** What the pool sends. */
export interface ParseRequest {
  workspaceId: string;
  events: RawEvent[];
}

const { registry } = workerData as { registry: string };
const { connectors } = (await import(registry)) as { connectors: Connector[] };
const bySource = new Map(connectors.map((connector) => [connector.id, connector]));

parentPort?.on('message', (request: ParseRequest) => parentPort?.postMessage(parseBatch(request)));

function parseBatch(request: ParseRequest): ParsedBatch {
  const shaper = new FactShaper();
  const outcomes = request.events.map((event) => parseOne(shaper, request.workspaceId, event));
  const rows = shaper.rows();
  return { outcomes, rows: mapTables(rows, JSON.stringify), counts: mapTables(rows, (table) => table.length) };
}

function parseOne(shaper: FactShaper, workspaceId: string, event: RawEvent): ParseOutcome {
  const connector = bySource.get(event.source);
  if (connector === undefined) return { failed: 'unknown_source', detail: `no connector "${event.source}" is installed` };
  try {
    const result = connector.parse({ ...event, body: Buffer.from(event.body) });
    if ('ignored' in result) return result;
    if (result.facts.length === 0) return { ignored: 'no_facts' };
    shaper.add({ workspaceId, source: event.source }, result.facts);
    return { ok: true };
  } catch (error) {
    if (error instanceof MalformedEvent) return { failed: 'malformed', detail: error.message };
    return { failed: 'parse_crashed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function mapTables<Result>(rows: FactRows, map: (table: FactRows[keyof FactRows]) => Result): Record<keyof FactRows, Result> {
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
