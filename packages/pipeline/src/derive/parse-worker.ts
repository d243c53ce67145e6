import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { Connector } from '@devpulse/contract/connector';
import type { Fact } from '@devpulse/contract/facts';
import type { RawEvent } from '@devpulse/contract/raw-event';
import { readRestoredFacts, restoredKind } from '@devpulse/contract/restored-facts';
import type { ParsedBatch, ParseOutcome } from './fact-rows.ts';
import { packRows } from './pack-rows.ts';
import { msPerMegabyte } from './parse-patience.ts';
import { runGuarded } from './run-guarded.ts';
import { FactShaper } from './shape-facts.ts';

/** What the pool sends. */
export interface ParseRequest {
  workspaceId: string;
  events: RawEvent[];
}

/** What the pool starts a thread with. */
export interface ParseWorkerData {
  registry: string;
  setAsideMs?: number;
  isPatient: boolean;
  /** One number that both sides see: which event of the batch is being read, or -1. A thread that hangs can say it no other way. */
  progress: Int32Array;
}

const { registry, progress, setAsideMs, isPatient } = workerData as ParseWorkerData;
const { connectors } = (await import(registry)) as { connectors: Connector[] };
const bySource = new Map(connectors.map((connector) => [connector.id, connector]));
// Where all want the processor, a third of what others get: enough for a large event within its time.
const patientNice = 5;
// Linux alone gives a thread a priority of its own; elsewhere this would be the whole program's. Loading is over by now.
if (isPatient && process.platform === 'linux') setPriority(0, patientNice);

parentPort?.on('message', (request: ParseRequest) => parentPort?.postMessage(parseBatch(request)));

const megabyte = 1024 * 1024;
// Bodies below this are read in no time.
const smallBytes = 64 * 1024;
// A guard costs a tenth of a millisecond, many times what an event does.
const sliceMs = 5;

function parseBatch(request: ParseRequest): ParsedBatch {
  const batch = new BatchShaper(request.workspaceId);
  const outcomes: ParseOutcome[] = [];
  const slow = { spentMs: 0, tries: 0 };
  while (outcomes.length < request.events.length) parseSlice(batch, request.events, outcomes, slow);
  Atomics.store(progress, 0, -1);
  return { outcomes, ...batch.pack() };
}

/**
 * Reads on for a while. An event that does not come to its end is set aside, and those after it are read all the same. What
 * counts is the time of this thread: where others have the processor, the event gets another and longer try.
 */
function parseSlice(
  batch: BatchShaper,
  events: readonly RawEvent[],
  outcomes: ParseOutcome[],
  slow: { spentMs: number; tries: number },
): void {
  const allowedMs = allowanceOf(events[outcomes.length]);
  const until = performance.now() + sliceMs;
  let begunAt = 0;
  const read = (): void => {
    for (let event = events[outcomes.length]; event !== undefined; event = events[outcomes.length]) {
      // A large one has an allowance of its own, and so a slice of its own.
      if (allowanceOf(event) > allowedMs) return;
      Atomics.store(progress, 0, outcomes.length);
      begunAt = processorMs();
      outcomes.push(parseOne(batch, event));
      slow.spentMs = 0;
      slow.tries = 0;
      if (performance.now() > until) return;
    }
  };
  if (allowedMs === Infinity) return read();
  if (runGuarded(read, sliceMs + allowedMs * 2 ** slow.tries)) return;
  if (batch.isTorn) batch.recover();
  slow.spentMs += processorMs() - begunAt;
  slow.tries += 1;
  if (slow.spentMs < allowedMs) return;
  slow.spentMs = 0;
  slow.tries = 0;
  outcomes.push({ failed: 'parse_timeout', detail: `set aside after ${Math.round(allowedMs)} ms` });
}

function allowanceOf(event: RawEvent | undefined): number {
  if (setAsideMs === undefined) return Infinity;
  const bytes = event?.body.length ?? 0;
  return setAsideMs + (bytes < smallBytes ? 0 : (bytes / megabyte) * msPerMegabyte);
}

/** What this thread alone has used; time in which others ran does not count. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Takes the facts of an event whole or not at all: what a failing one told first must not be kept. */
class BatchShaper {
  readonly #workspaceId: string;
  readonly #taken: { source: string; facts: readonly Fact[] }[] = [];
  #shaper = new FactShaper();
  #isTorn = false;

  constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  /** Whether somebody was stopped in the middle of adding. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  add(source: string, facts: readonly Fact[]): void {
    this.#isTorn = true;
    try {
      this.#shaper.add({ workspaceId: this.#workspaceId, source }, facts);
      this.#taken.push({ source, facts });
      this.#isTorn = false;
    } catch (error) {
      this.recover();
      throw error;
    }
  }

  /** Back to what was taken whole. */
  recover(): void {
    this.#shaper = new FactShaper();
    for (const taken of this.#taken)
      this.#shaper.add({ workspaceId: this.#workspaceId, source: taken.source }, taken.facts);
    this.#isTorn = false;
  }

  pack(): Omit<ParsedBatch, 'outcomes'> {
    return packRows(this.#shaper);
  }
}

function parseOne(batch: BatchShaper, event: RawEvent): ParseOutcome {
  const connector = bySource.get(event.source);
  if (connector === undefined)
    return { failed: 'unknown_source', detail: `no connector "${event.source}" is installed` };
  try {
    const body = Buffer.from(event.body);
    const result =
      event.kind === restoredKind ? { facts: readRestoredFacts(body) } : connector.parse({ ...event, body });
    if ('ignored' in result) return result;
    if (result.facts.length === 0) return { ignored: 'no_facts' };
    batch.add(event.source, result.facts);
    return { ok: true };
  } catch (error) {
    if (error instanceof MalformedEvent) return { failed: 'malformed', detail: error.message };
    return { failed: 'parse_crashed', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
