import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { hookEvents } from '@devpulse/connectors/github/needs';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { webhookPath } from '../connections/make-manifest.ts';
import { canBeReached } from '../connections/public-address.ts';
import { openHookClient } from './hook-client.ts';
import { type HookTarget, pathOf, readTarget } from './hook-rows.ts';
import { secretPlace } from './hook-secrets.ts';

/** GitHub refuses them for a single repository. */
const ofOrganizations = new Set(['membership', 'organization', 'team']);
const madeShape = z.looseObject({ id: z.number().int().positive() });

export interface WishedHook {
  workspaceId: string;
  sourceId: string;
  reach: 'repository' | 'organization';
  /** Where this instance is reached. */
  origin: string;
  actor: AuditActor;
}

interface Hook extends Omit<WishedHook, 'sourceId'> {
  id: string;
  connectionId: string;
  name: string;
  number: string;
  secret: string;
  events: string[];
}

/** What is said where GitHub cannot come to us. */
export const unreachableAdvice =
  'Webhooks cannot reach this address, so GitHub is asked every few minutes instead. Open DevPulse under a public address and set DEVPULSE_URL.';

/**
 * Makes the webhook of a watched repository, or of its organisation, with a secret of its own. It is kept before GitHub is asked,
 * since GitHub greets it at once, and forgotten again when GitHub refuses.
 */
export async function makeHook(parts: GithubParts, wish: WishedHook): Promise<string> {
  if (!canBeReached(wish.origin, parts.github.host)) throw new AppError('conflict', unreachableAdvice);
  const target = await parts.store.inWorkspace(wish.workspaceId, (trx) => readTarget(trx, wish.sourceId));
  const hook = planHook(wish, target);
  await parts.keyring.prepare(wish.workspaceId);
  await keepHook(parts, hook);
  try {
    const remote = await createAtGithub(parts, hook);
    await parts.store.inWorkspace(wish.workspaceId, async (trx) => {
      await sql`
        update hooks set remote_number = ${remote} where workspace_id = ${ownWorkspace} and id = ${hook.id}::uuid`.execute(
        trx,
      );
      await recordAudit(trx, {
        actor: wish.actor,
        action: 'hook.made',
        target: { kind: 'hook', id: hook.id, name: hook.name },
        after: { events: hook.events.length },
      });
    });
    return hook.id;
  } catch (error) {
    await parts.store.inWorkspace(wish.workspaceId, (trx) =>
      sql`delete from hooks where workspace_id = ${ownWorkspace} and id = ${hook.id}::uuid`.execute(trx),
    );
    throw error;
  }
}

function planHook(wish: WishedHook, target: HookTarget): Hook {
  if (target.kind === 'app')
    throw new AppError('conflict', 'This repository is read through the GitHub App, which has a webhook of its own.');
  const isWhole = wish.reach === 'organization';
  if (isWhole && target.ownerNumber === null)
    throw new AppError('conflict', 'It is not known who owns the repository. Refresh the list of repositories first.');
  return {
    ...wish,
    id: newId(),
    connectionId: target.connectionId,
    name: isWhole ? target.ownerLogin : target.fullName,
    number: isWhole ? (target.ownerNumber ?? '') : target.number,
    secret: randomBytes(32).toString('hex'),
    events: hookEvents.filter((event) => event !== 'ping' && (isWhole || !ofOrganizations.has(event))),
  };
}

async function keepHook(parts: GithubParts, hook: Hook): Promise<void> {
  const sealed = parts.keyring.seal(hook.secret, secretPlace(hook.workspaceId, hook.id, 'secret'));
  await parts.store.inWorkspace(hook.workspaceId, async (trx) => {
    await sql`
      delete from hooks where workspace_id = ${ownWorkspace} and connection_id = ${hook.connectionId}::uuid and reach = ${hook.reach}
        and number = ${hook.number} and state = 'removed'`.execute(trx);
    const { numAffectedRows } = await sql`
      insert into hooks (workspace_id, id, connection_id, host, reach, name, number, secret, events)
      values (
        ${hook.workspaceId}, ${hook.id}, ${hook.connectionId}, ${parts.github.host}, ${hook.reach}, ${hook.name}, ${hook.number},
        ${sealed}, ${hook.events}::text[]
      ) on conflict do nothing`.execute(trx);
    if (numAffectedRows === 0n) throw new AppError('conflict', `${hook.name} has a webhook of ours already.`);
  });
}

/** How GitHub is to deliver to it. */
export function configOf({ origin, id, secret }: Pick<Hook, 'origin' | 'id' | 'secret'>): Record<string, string> {
  return { url: `${origin}${webhookPath}/${id}`, content_type: 'json', insecure_ssl: '0', secret };
}

async function createAtGithub(parts: GithubParts, hook: Hook): Promise<string> {
  const client = openHookClient(parts, { ...hook, lane: 'person' });
  const answer = await client.send('POST', pathOf(hook), {
    body: {
      name: 'web',
      active: true,
      events: hook.events,
      config: configOf(hook),
    },
    allow: [403, 404, 422],
  });
  if (answer.status === 422)
    throw new AppError('conflict', 'GitHub refused the webhook: a repository takes twenty of them at most.');
  const made = madeShape.safeParse(answer.json);
  if (!made.success)
    throw new AppError(
      'conflict',
      `GitHub lets this connection make no webhook for ${hook.name}. That takes the scope ${
        hook.reach === 'repository'
          ? 'admin:repo_hook, and somebody who administers the repository'
          : 'admin:org_hook, and an owner of the organisation'
      }.`,
    );
  return String(made.data.id);
}
