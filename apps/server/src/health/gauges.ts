import { sql } from 'kysely';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '@devpulse/db/open-store';
import type { Telemetry } from '../deps.ts';
import { withinMs } from './within-ms.ts';

const inboxStates = ['pending', 'leased', 'dead'] as const;
// A scraper usually gives up after ten seconds; what the process knows of itself must not wait for the store.
const storeMs = 3_000;

/** Opens the counters of one process; what lies in the store is asked for when they are read. */
export function openTelemetry(store: Store): Telemetry {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry, prefix: 'devpulse_' });
  const counters = addCounters(registers);
  const readStore = addStoreGauges(registers, store);
  return {
    requestServed: ({ method, route, status, seconds }) =>
      counters.requests.observe({ method, route, status: String(status) }, seconds),
    eventsCaptured: (source, outcome, count) => counters.captured.inc({ source, outcome }, count),
    derived: ({ outcome, events, seconds }) => {
      counters.derived.inc({ outcome }, events);
      counters.deriving.observe(seconds);
    },
    delivered: (seconds) => counters.delivering.observe(seconds),
    rolledUp: ({ cells, seconds }) => {
      counters.cells.inc(cells);
      counters.rollingUp.observe(seconds);
    },
    jobRan: ({ name, outcome, seconds }) => counters.jobs.observe({ name, outcome }, seconds),
    expose: async () => {
      await readStore();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function addCounters(registers: Registry[]) {
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const batch = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
  return {
    requests: new Histogram({
      name: 'devpulse_http_request_seconds',
      help: 'Time from the request’s headers to the last byte of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    }),
    captured: new Counter({
      name: 'devpulse_events_captured_total',
      help: 'Raw events that were sent in, by what became of them.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    derived: new Counter({
      name: 'devpulse_events_derived_total',
      help: 'Raw events that were read into facts, or why not.',
      labelNames: ['outcome'],
      registers,
    }),
    deriving: new Histogram({
      name: 'devpulse_derive_batch_seconds',
      help: 'Time one batch of raw events took.',
      buckets: batch,
      registers,
    }),
    delivering: new Histogram({
      name: 'devpulse_webhook_seconds',
      help: 'Time from the acknowledgement of a webhook’s delivery to its facts, where the first reading told them.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600],
      registers,
    }),
    cells: new Counter({
      name: 'devpulse_cells_recomputed_total',
      help: 'Days of one subject that were counted anew.',
      registers,
    }),
    rollingUp: new Histogram({
      name: 'devpulse_rollup_batch_seconds',
      help: 'Time one batch of days took.',
      buckets: batch,
      registers,
    }),
    jobs: new Histogram({
      name: 'devpulse_job_seconds',
      help: 'Time a job ran.',
      labelNames: ['name', 'outcome'],
      buckets: [0.01, 0.1, 1, 10, 60, 600, 3600],
      registers,
    }),
  };
}

function addStoreGauges(registers: Registry[], store: Store): () => Promise<void> {
  const up = new Gauge({
    name: 'devpulse_store_up',
    help: '1 while the store answers; the gauges below are absent otherwise.',
    registers,
  });
  const depth = new Gauge({
    name: 'devpulse_inbox_events',
    help: 'Raw events that are not finished, or dead.',
    labelNames: ['state'],
    registers,
  });
  const age = new Gauge({
    name: 'devpulse_inbox_oldest_seconds',
    help: 'Age of the oldest raw event in this state.',
    labelNames: ['state'],
    registers,
  });
  const stale = new Gauge({
    name: 'devpulse_stale_day_marks',
    help: 'Marks of days that wait to be counted anew.',
    registers,
  });
  const accounts = new Gauge({
    name: 'devpulse_governor_accounts',
    help: 'Accounts at other sources that questions are asked with, and those of them that have to wait now.',
    labelNames: ['resource', 'state'],
    registers,
  });
  const left = new Gauge({
    name: 'devpulse_governor_least_left_ratio',
    help: 'The smallest share of a quota that is left to one of these accounts.',
    labelNames: ['resource'],
    registers,
  });
  return async () => {
    const answer = await withinMs(storeMs, askStore(store)).catch(() => null);
    up.set(answer === null ? 0 : 1);
    for (const gauge of [depth, age, stale, accounts, left]) gauge.reset();
    // A gauge without labels comes back as 0 after a reset, and "nobody knows" is not zero.
    stale.set(answer === null ? Number.NaN : answer.staleMarks);
    if (answer === null) return;
    for (const state of inboxStates) {
      const row = answer.inbox.find((each) => each.state === state);
      depth.set({ state }, Number(row?.events ?? 0));
      age.set({ state }, row?.age ?? 0);
    }
    for (const row of answer.quotas) {
      accounts.set({ resource: row.resource, state: 'all' }, row.accounts);
      accounts.set({ resource: row.resource, state: 'waiting' }, row.waiting);
      left.set({ resource: row.resource }, row.least_left);
    }
  };
}

interface StoreAnswer {
  inbox: { state: string; events: number | bigint; age: number }[];
  staleMarks: number;
  quotas: { resource: string; accounts: number; waiting: number; least_left: number }[];
}

async function askStore(store: Store): Promise<StoreAnswer> {
  const inbox = await sql<StoreAnswer['inbox'][number]>`
    select state, events, extract(epoch from now() - oldest)::float8 as age from inbox_depth()`.execute(store.app);
  const stale = await sql<{ marks: number }>`select stale_marks() as marks`.execute(store.app);
  const quotas = await sql<StoreAnswer['quotas'][number]>`select * from governor_figures()`.execute(store.app);
  return { inbox: inbox.rows, staleMarks: stale.rows[0]?.marks ?? 0, quotas: quotas.rows };
}
