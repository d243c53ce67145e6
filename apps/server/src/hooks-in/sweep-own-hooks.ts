import { sql } from 'kysely';
import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { GithubParts } from '../connections/github-parts.ts';
import type { Revived } from '../connections/hear-hook.ts';
import { makeDue } from '../sources/make-due.ts';
import { openHookClient } from './hook-client.ts';
import { type HookRow, pathOf, readHooks } from './hook-rows.ts';
import { keyOf, readKey } from './read-delivery.ts';
import { sweepHook, type Swept } from './sweep-hook.ts';

const everyMinutes = 30;
const hookShape = z.looseObject({ active: z.boolean() });

/** How far back GitHub can be asked to deliver again: three days at github.com, seven on a server of one's own. */
export function windowOf(host: string): number {
  const days = host === 'github.com' || host.endsWith('.ghe.com') ? 3 : 7;
  // A little less, so that what is asked for is not forgotten on the way.
  return days * 86_400_000 - 3_600_000;
}

/** GitHub answers the same for both; whatever is still delivered with its secret goes on being taken. */
const removedReason =
  'GitHub shows no such webhook: somebody removed it there, or the connection may not see it any more.';

export interface SweepResult {
  asked: number;
  soon: Revived;
}

/** Looks through the hooks of a workspace that it is time for. */
export async function sweepOwnHooks(
  parts: GithubParts,
  workspaceId: string,
  signal: AbortSignal,
): Promise<SweepResult> {
  const result: SweepResult = { asked: 0, soon: [] };
  const hooks = await parts.store.inWorkspace(workspaceId, (trx) => readHooks(trx));
  for (const hook of hooks) {
    if (signal.aborted || hook.state === 'removed' || hook.remote_number === null) continue;
    if (!(await takeTurn(parts, workspaceId, hook.id))) continue;
    try {
      const { asked, soon } = await sweepOne(parts, workspaceId, hook, hook.remote_number);
      result.asked += asked;
      for (const sourceId of soon) result.soon.push({ workspaceId, sourceId });
    } catch (error) {
      if (!(error instanceof SourceRefused)) throw error;
      parts.log('info', 'a hook could not be looked through now', { reason: error.kind });
    }
  }
  return result;
}

/** One process at a time, and not at every nudge. */
async function takeTurn(parts: GithubParts, workspaceId: string, hook: string): Promise<boolean> {
  const { numAffectedRows } = await parts.store.inWorkspace(workspaceId, (trx) =>
    sql`
      update hooks set swept_at = now()
      where workspace_id = ${ownWorkspace} and id = ${hook}::uuid
        and (swept_at is null or swept_at < now() - make_interval(mins => ${everyMinutes})
          or (sweep->'asked' <> '{}'::jsonb and swept_at < now() - interval '4 minutes'))`.execute(trx),
  );
  return (numAffectedRows ?? 0n) > 0n;
}

async function sweepOne(
  parts: GithubParts,
  workspaceId: string,
  hook: HookRow,
  remote: string,
): Promise<{ asked: number; soon: string[] }> {
  const client = openHookClient(parts, { workspaceId, connectionId: hook.connection_id, lane: 'live' });
  const path = `${pathOf(hook)}/${remote}`;
  const answer = await client.get(path, { allow: [404] });
  if (answer.status === 404) {
    await noteState(parts, workspaceId, hook, { state: 'removed', reason: removedReason });
    return { asked: 0, soon: [] };
  }
  const swept = await sweepHook({
    client,
    path,
    sweep: hook.sweep,
    now: answer.at,
    windowMs: windowOf(parts.github.host),
    findStored: (guids) => findStored(parts, workspaceId, hook.id, guids),
  });
  const isActive = hookShape.safeParse(answer.json).data?.active !== false;
  await noteState(parts, workspaceId, hook, judge(hook, swept, isActive));
  const soon = await noteSwept(parts, workspaceId, hook, swept);
  return { asked: swept.asked, soon };
}

function judge(hook: HookRow, swept: Swept, isActive: boolean): Judged {
  if (!isActive) return { state: 'failing', reason: 'It is switched off at GitHub.' };
  if (swept.isFailing)
    return { state: 'failing', reason: 'The newest deliveries failed. GitHub may not reach this address.' };
  return { state: hook.last_delivery_at === null ? 'waiting' : 'active', reason: null };
}

interface Judged {
  state: HookRow['state'];
  reason: string | null;
}

async function noteState(
  parts: GithubParts,
  workspaceId: string,
  hook: HookRow,
  { state, reason }: Judged,
): Promise<void> {
  await parts.store.inWorkspace(workspaceId, (trx) =>
    sql`
      update hooks set state_since = case when state = ${state} then state_since else now() end, state = ${state}, state_reason = ${reason}
      where workspace_id = ${ownWorkspace} and id = ${hook.id}::uuid`.execute(trx),
  );
}

/** Keeps how far it came. What GitHub will not deliver any more is closed by reading everything that the hook tells of. */
async function noteSwept(parts: GithubParts, workspaceId: string, hook: HookRow, swept: Swept): Promise<string[]> {
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    await sql`
      update hooks set sweep = ${JSON.stringify(swept.sweep)}::jsonb,
        last_gap_at = case when ${swept.missing > 0 || swept.isBeyond} then now() else last_gap_at end
      where workspace_id = ${ownWorkspace} and id = ${hook.id}::uuid`.execute(trx);
    if (!swept.isBeyond) return [];
    const { rows } = await sql<{ key: string }>`
      select natural_key as key from sources
      where workspace_id = ${ownWorkspace} and connector = 'github' and ${
        hook.reach === 'repository'
          ? sql`natural_key = ${`${parts.github.host}/${hook.number}`}`
          : sql`connection_id = ${hook.connection_id}::uuid`
      }`.execute(trx);
    return makeDue(
      trx,
      workspaceId,
      rows.map((row) => row.key),
    );
  });
}

async function findStored(
  parts: GithubParts,
  workspaceId: string,
  hook: string,
  guids: readonly string[],
): Promise<Set<string>> {
  const keys = guids.map((id) => keyOf({ hook, id }));
  const { rows } = await parts.store.inWorkspace(workspaceId, (trx) =>
    sql<{ key: string }>`
      select item_key as key from raw_events
      where workspace_id = ${ownWorkspace} and source = 'github' and item_key = any(${keys}::text[])`.execute(trx),
  );
  return new Set(rows.flatMap(({ key }) => readKey(key)?.delivery ?? []));
}
