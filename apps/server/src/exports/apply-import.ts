import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { publishChange } from '../live/announce-change.ts';
import { applySettings } from './apply-settings.ts';
import { readEvents, readTaken, type Taken } from './check-import.ts';
import type { EventLine } from './event-lines.ts';
import type { TransferHold } from './hold-transfer.ts';
import { type ImportFile, withImportFile } from './import-file.ts';
import type { TransferSummary } from './transfer-summary.ts';
import type { TransferTools } from './transfer-tools.ts';

const eventsPerBatch = 200;
const bytesPerBatch = 8 * 1024 * 1024;

/**
 * Takes an export in: events through the inbox like any others, decisions as if they were made here. Doing it again, or going on
 * after an interruption, changes nothing more.
 */
export async function applyImport(tools: TransferTools, hold: TransferHold): Promise<TransferSummary> {
  const { store } = tools;
  const { workspaceId } = hold;
  return withImportFile(store, { ...hold, transferId: hold.id }, async (file) => {
    const taken = await readTaken(file);
    const { summary, settings } = taken;
    summary.newEvents = await captureEvents(tools, hold, { file, taken });
    await readInbox(tools, hold);
    hold.progress({ what: 'Who is who', done: 0, total: null });
    summary.notes.push(...(await applySettings({ store, hold, settings })));
    await store.inWorkspace(workspaceId, (trx) =>
      recordAudit(trx, {
        actor: { ...systemActor, accountId: hold.accountId, personId: hold.personId },
        action: 'import.applied',
        target: { kind: 'transfer', id: hold.id },
        after: { events: summary.events, newEvents: summary.newEvents, exportedAt: summary.exportedAt },
      }),
    );
    tools.ask('roll-up');
    await publishChange(store, workspaceId, { metrics: ['*'], sources: true, people: true });
    return summary;
  });
}

async function captureEvents(
  tools: TransferTools,
  hold: TransferHold,
  { file, taken }: { file: ImportFile; taken: Taken },
): Promise<number> {
  let added = 0;
  let done = 0;
  let clashes = 0;
  let batch: EventLine[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    const outcomes = await tools.capture.add(
      batch.map((event) => ({
        workspaceId: hold.workspaceId,
        source: event.source,
        key: event.key,
        kind: event.kind,
        arrival: event.arrival,
        body: Buffer.from(event.body, 'base64'),
      })),
    );
    added += outcomes.filter((outcome) => outcome === 'accepted').length;
    clashes += outcomes.filter((outcome) => outcome === 'clash').length;
    done += batch.length;
    batch = [];
    bytes = 0;
    hold.progress({ what: 'Events', done, total: taken.summary.events });
  };
  for await (const event of readEvents(file, taken.workspace)) {
    hold.signal.throwIfAborted();
    batch.push(event);
    bytes += event.body.length;
    if (batch.length >= eventsPerBatch || bytes >= bytesPerBatch) await write();
  }
  if (batch.length > 0) await write();
  if (clashes > 0)
    taken.summary.notes.push(`${clashes} events are here already with another content; what was here stays.`);
  return added;
}

const pollMs = 200;

/** Links name authors, and those come out of the events: all that can be read must have been. */
async function readInbox(tools: TransferTools, hold: TransferHold): Promise<void> {
  const { store, pools, log } = tools;
  for (;;) {
    hold.signal.throwIfAborted();
    await drainInbox({ store, pools, log, signal: hold.signal }, hold.workspaceId, 'fresh');
    const waiting = await store.inWorkspace(hold.workspaceId, async (trx) => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::integer as waiting from raw_events
        where workspace_id = ${ownWorkspace} and (state = 'leased' or (state = 'pending' and attempts = 0 and run_after <= now()))`.execute(
        trx,
      );
      return rows[0]?.waiting ?? 0;
    });
    if (waiting === 0) return;
    hold.progress({ what: 'Events to be read', done: 0, total: waiting });
    // Another worker holds them.
    await sleep(pollMs);
  }
}
