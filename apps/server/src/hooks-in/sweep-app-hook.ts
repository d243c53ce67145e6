import { sql } from 'kysely';
import { SourceRefused } from '@devpulse/contract/source-client';
import { readClock } from '@devpulse/http-client/read-limits';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readApp } from '../connections/app-store.ts';
import { askAsApp } from '../connections/ask-as-app.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import type { Revived } from '../connections/hear-hook.ts';
import { makeDue } from '../sources/make-due.ts';
import { openAppClient } from './hook-client.ts';
import { appHook, keyOf, readKey } from './read-delivery.ts';
import { sweepHook } from './sweep-hook.ts';
import { type SweepResult, windowOf } from './sweep-own-hooks.ts';

const path = '/app/hook';

/** Looks through the deliveries of the App's webhook; its installations may belong to any workspace. */
export async function sweepAppHook(parts: GithubParts): Promise<SweepResult> {
  const nothing: SweepResult = { asked: 0, soon: [] };
  const app = await readApp(parts);
  // Without a secret nothing is taken in, so nothing is missing.
  if (app?.webhookSecret == null) return nothing;
  try {
    const config = await askAsApp(parts, app, { path: `${path}/config`, lane: 'live' });
    if (config.status !== 200) return nothing;
    const now = readClock(config.headers) ?? parts.now();
    const workspaces = await listTold(parts);
    const swept = await sweepHook({
      client: openAppClient(parts, app, now.getTime() - parts.now().getTime()),
      path,
      sweep: await readSweep(parts),
      now,
      windowMs: windowOf(parts.github.host),
      findStored: (guids) => findStored(parts, workspaces, guids),
    });
    const gapAt = swept.missing > 0 || swept.isBeyond ? new Date() : null;
    await sql`select note_app_sweep(${parts.github.host}, ${JSON.stringify(swept.sweep)}::jsonb, ${gapAt})`.execute(
      parts.store.app,
    );
    return { asked: swept.asked, soon: swept.isBeyond ? await readEverything(parts, workspaces) : [] };
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    parts.log('info', 'the webhook of the App could not be looked through now', { reason: error.kind });
    return nothing;
  }
}

async function listTold({ store, github }: GithubParts): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select workspaces_with_installations(${github.host}) as id`.execute(
    store.app,
  );
  return rows.map((row) => row.id);
}

async function readSweep({ store, github }: GithubParts): Promise<unknown> {
  const { rows } = await sql<{ sweep: unknown }>`select sweep from read_app_hook(${github.host})`.execute(store.app);
  return rows[0]?.sweep ?? {};
}

/** With the workspaces, or with what is for nobody yet. */
async function findStored(
  { store, github }: GithubParts,
  workspaces: readonly string[],
  guids: readonly string[],
): Promise<Set<string>> {
  const { rows: waiting } = await sql<{ delivery: string }>`
    select delivery from find_unclaimed(${github.host}, ${[...guids]}::text[])`.execute(store.app);
  const stored = new Set(waiting.map((row) => row.delivery));
  const keys = guids.map((id) => keyOf({ hook: appHook, id }));
  for (const workspaceId of workspaces) {
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ key: string }>`
        select item_key as key from raw_events
        where workspace_id = ${ownWorkspace} and source = 'github' and item_key = any(${keys}::text[])`.execute(trx),
    );
    for (const { key } of rows) stored.add(readKey(key)?.delivery ?? '');
  }
  return stored;
}

async function readEverything({ store, github }: GithubParts, workspaces: readonly string[]): Promise<Revived> {
  const soon: Revived = [];
  for (const workspaceId of workspaces)
    await store.inWorkspace(workspaceId, async (trx) => {
      const { rows } = await sql<{ key: string }>`
        select s.natural_key as key from sources s
        join connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
        where s.workspace_id = ${ownWorkspace} and c.kind = 'app' and c.host = ${github.host}`.execute(trx);
      const due = await makeDue(
        trx,
        workspaceId,
        rows.map((row) => row.key),
      );
      for (const sourceId of due) soon.push({ workspaceId, sourceId });
    });
  return soon;
}
