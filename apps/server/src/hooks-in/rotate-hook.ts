import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { openHookClient } from './hook-client.ts';
import { type HookRow, pathOf, readHook } from './hook-rows.ts';
import { secretPlace } from './hook-secrets.ts';
import { configOf } from './make-hook.ts';

interface Asked {
  workspaceId: string;
  hook: string;
  origin: string;
  actor: AuditActor;
}

// What GitHub signed with the old one may come as late as it can be asked to deliver again.
const bothDays = 7;

/** Gives a hook another secret. Both count before GitHub is told, and while what was signed with the old one may still come. */
export async function rotateHook(parts: GithubParts, asked: Asked): Promise<void> {
  const { store } = parts;
  const row = await store.inWorkspace(asked.workspaceId, (trx) => readHook(trx, asked.hook));
  if (row.remote_number === null) throw new AppError('conflict', 'The webhook is just being made. Try again.');
  await parts.keyring.prepare(asked.workspaceId);
  const before = await readSecret(parts, asked);
  const after = randomBytes(32).toString('hex');
  await writeSecrets(parts, asked, { secret: after, previous: before });
  try {
    await tellGithub(parts, asked, { row, remote: row.remote_number, secret: after });
  } catch (error) {
    // It may have heard of it all the same: both go on counting.
    await writeSecrets(parts, asked, { secret: before, previous: after });
    throw error;
  }
  await store.inWorkspace(asked.workspaceId, (trx) =>
    recordAudit(trx, {
      actor: asked.actor,
      action: 'hook.rotated',
      target: { kind: 'hook', id: row.id, name: row.name },
    }),
  );
}

async function readSecret({ store, keyring }: GithubParts, { workspaceId, hook }: Asked): Promise<string> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{
      secret: string;
    }>`select secret from hooks where workspace_id = ${ownWorkspace} and id = ${hook}::uuid`.execute(trx),
  );
  return keyring.open(rows[0]?.secret ?? '', secretPlace(workspaceId, hook, 'secret'));
}

async function writeSecrets(
  { store, keyring }: GithubParts,
  { workspaceId, hook }: Asked,
  { secret, previous }: { secret: string; previous: string },
): Promise<void> {
  const sealed = keyring.seal(secret, secretPlace(workspaceId, hook, 'secret'));
  const old = keyring.seal(previous, secretPlace(workspaceId, hook, 'previous_secret'));
  await store.inWorkspace(workspaceId, (trx) =>
    sql`
      update hooks set secret = ${sealed}, previous_secret = ${old}, previous_until = now() + make_interval(days => ${bothDays})
      where workspace_id = ${ownWorkspace} and id = ${hook}::uuid`.execute(trx),
  );
}

async function tellGithub(
  parts: GithubParts,
  { workspaceId, origin }: Asked,
  { row, remote, secret }: { row: HookRow; remote: string; secret: string },
): Promise<void> {
  const client = openHookClient(parts, { workspaceId, connectionId: row.connection_id, lane: 'person' });
  const { status } = await client.send('PATCH', `${pathOf(row)}/${remote}`, {
    body: { config: configOf({ origin, id: row.id, secret }) },
    allow: [403, 404, 422],
  });
  if (status !== 200)
    throw new AppError('conflict', 'GitHub did not let us change the webhook; its secret is what it was.');
}
