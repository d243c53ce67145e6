import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { openHookClient } from './hook-client.ts';
import { type HookRow, pathOf, readHook, readHooks, readTarget } from './hook-rows.ts';

interface Asked {
  workspaceId: string;
  actor: AuditActor;
}

/** Removes the webhook of a watched repository: here at once, and at GitHub if it lets us. */
export async function removeHookOf(
  parts: GithubParts,
  { sourceId, ...asked }: Asked & { sourceId: string },
): Promise<{ id: string; left: string | null }> {
  const hook = await parts.store.inWorkspace(asked.workspaceId, async (trx) => {
    const target = await readTarget(trx, sourceId);
    const hooks = await readHooks(trx, target.connectionId);
    return (
      hooks.find((one) => one.reach === 'repository' && one.number === target.number) ??
      hooks.find((one) => one.reach === 'organization' && one.number === target.ownerNumber)
    );
  });
  if (hook === undefined) throw new AppError('not_found', 'DevPulse made no webhook for this repository.');
  return { id: hook.id, left: await removeHook(parts, asked, hook) };
}

/** Removes one of them, whether or not its repository is still watched. */
export async function removeHookById(
  parts: GithubParts,
  { hook, ...asked }: Asked & { hook: string },
): Promise<string | null> {
  const row = await parts.store.inWorkspace(asked.workspaceId, (trx) => readHook(trx, hook));
  return removeHook(parts, asked, row);
}

/** Removes every hook that a connection made, as long as its credential is there. Answers what is left to be done by hand. */
export async function removeHooksOfConnection(
  parts: GithubParts,
  { connectionId, ...asked }: Asked & { connectionId: string },
): Promise<string[]> {
  const hooks = await parts.store.inWorkspace(asked.workspaceId, (trx) => readHooks(trx, connectionId));
  const left: string[] = [];
  for (const hook of hooks) {
    const rest = await removeHook(parts, asked, hook);
    if (rest !== null) left.push(rest);
  }
  return left;
}

async function removeHook(parts: GithubParts, { workspaceId, actor }: Asked, hook: HookRow): Promise<string | null> {
  const isGone = await removeAtGithub(parts, workspaceId, hook);
  await parts.store.inWorkspace(workspaceId, async (trx) => {
    await sql`delete from hooks where workspace_id = ${ownWorkspace} and id = ${hook.id}::uuid`.execute(trx);
    await recordAudit(trx, {
      actor,
      action: 'hook.removed',
      target: { kind: 'hook', id: hook.id, name: hook.name },
    });
  });
  const page = hook.reach === 'repository' ? hook.name : `organizations/${hook.name}`;
  return isGone ? null : `Remove the webhook at ${parts.github.url}/${page}/settings/hooks: GitHub did not let us.`;
}

async function removeAtGithub(parts: GithubParts, workspaceId: string, hook: HookRow): Promise<boolean> {
  if (hook.remote_number === null) return true;
  try {
    const client = openHookClient(parts, { workspaceId, connectionId: hook.connection_id, lane: 'person' });
    const path = `${pathOf(hook)}/${hook.remote_number}`;
    const { status } = await client.send('DELETE', path, { allow: [403, 404] });
    return status !== 403;
  } catch (error) {
    // It ends here whether or not GitHub can be told: deliveries to it are refused from now on.
    if (error instanceof SourceRefused) return false;
    throw error;
  }
}
