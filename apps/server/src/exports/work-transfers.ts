import { sql } from 'kysely';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { checkImport } from './check-import.ts';
import { applyImport } from './apply-import.ts';
import { holdTransfer, type TransferEnd, type TransferHold } from './hold-transfer.ts';
import { ImportRefused } from './import-file.ts';
import type { TransferTools } from './transfer-tools.ts';
import { writeExport } from './write-export.ts';

/** Writes out and takes in whatever waits, in every workspace, and forgets files whose day is over. */
export async function workTransfers(tools: TransferTools, signal: AbortSignal): Promise<string | undefined> {
  const { store } = tools;
  const { rows } = await sql<{ id: string }>`select workspaces_with_transfers() as id`.execute(store.app);
  let done = 0;
  for (const { id: workspaceId } of rows) {
    await store.inWorkspace(workspaceId, (trx) =>
      sql`delete from transfers where workspace_id = ${ownWorkspace} and expires_at <= now()`.execute(trx),
    );
    for (;;) {
      if (signal.aborted) return done === 0 ? undefined : `${done} worked on`;
      const hold = await holdTransfer(store, workspaceId);
      if (hold === null) break;
      await workOn(tools, hold, signal);
      done += 1;
    }
  }
  return done === 0 ? undefined : `${done} worked on`;
}

async function workOn(tools: TransferTools, hold: TransferHold, stop: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([stop, hold.signal]);
  try {
    await hold.finish(await carryOut(tools, { ...hold, signal }));
  } catch (error) {
    // Removed by whoever asked, or taken over: nothing is left to say. A process that ends leaves it to the next.
    if (hold.signal.aborted) return void (await hold.finish({ state: 'waiting' }));
    if (stop.aborted) return void (await hold.finish({ state: 'waiting' }));
    if (error instanceof ImportRefused) return void (await hold.finish({ state: 'failed', error: error.message }));
    tools.faults.record({ error, origin: 'work-transfers' });
    await hold.finish({ state: 'failed', error: 'Something went wrong that should not have; ask for it once more.' });
  }
}

async function carryOut(tools: TransferTools, hold: TransferHold): Promise<TransferEnd> {
  if (hold.kind === 'export') return { state: 'done', ...(await writeExport(tools.store, hold, tools.now())) };
  if (!hold.apply) return { state: 'checked', summary: await checkImport(tools.store, hold) };
  return { state: 'done', summary: await applyImport(tools, hold) };
}
