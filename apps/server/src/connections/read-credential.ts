import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { SourceRefused } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Credential, CredentialSource } from '@devpulse/http-client/credentials';
import { type ConnectionRow, budgetOf, readConnections } from './connection-rows.ts';
import { endRenewal, type KeptTokens, readTokens, takeRenewal, writeTokens } from './connection-secrets.ts';
import { canRead, describeState } from './connection-states.ts';
import type { GithubParts } from './github-parts.ts';
import { moveConnection } from './mark-connection.ts';
import { canRenew, renewTokens } from './renew-tokens.ts';

/** A token that ends sooner than this is renewed before it is used. */
const earlyMs = 5 * 60_000;
/** Of a token this young GitHub has not simply forgotten: renewing it once more would begin a loop. */
const youngMs = 60_000;
const lookAgainMs = 100;
const waitsMax = 250;

/** The credential of a connection, renewed early and by one process at a time. */
export function credentialsOf(parts: GithubParts, workspaceId: string, connectionId: string): CredentialSource {
  const whose: Whose = { parts, workspaceId, connectionId, renewedAfterRefusal: new Set() };
  return {
    read: () => readCredential(whose),
    refused: (version, refusal) => answerRefusal(whose, version, refusal),
  };
}

interface Whose {
  parts: GithubParts;
  workspaceId: string;
  connectionId: string;
  /** Versions that were made because the one before was refused: where they are refused too, nothing is gained by another. */
  renewedAfterRefusal: Set<number>;
}

interface Known {
  row: ConnectionRow;
  kept: KeptTokens | null;
}

async function readCredential(whose: Whose): Promise<Credential> {
  const { parts } = whose;
  for (let waits = 0; waits < waitsMax; waits += 1) {
    const known = await look(whose);
    const { row, kept } = known;
    if (!canRead(row.state)) throw lost(row);
    const leftMs = kept?.access == null ? -1 : (kept.accessExpiresAt?.getTime() ?? Infinity) - parts.now().getTime();
    if (leftMs > earlyMs) return credentialOf(known);
    if (!canRenew(row, kept, parts.now())) {
      if (leftMs > 0) return credentialOf(known);
      throw await lose(whose, row, kept === null ? 'dead' : 'expired');
    }
    const outcome = await renew(whose, known);
    // However soon it ends by our clock: another one would end no later, and ours may be wrong.
    if (outcome === 'done') return credentialOf(await look(whose));
    // Somebody else is at it: what is there counts for some minutes more, and else it is there in a moment.
    if (outcome === 'busy' && leftMs > youngMs) return credentialOf(known);
    if (outcome === 'busy') await sleep(lookAgainMs);
  }
  throw new SourceRefused('failed', 'The token is being renewed elsewhere, and that takes too long.');
}

function look({ parts, workspaceId, connectionId }: Whose): Promise<Known> {
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    const [row] = await readConnections(trx, connectionId);
    if (row === undefined) throw new SourceRefused('unauthenticated', 'The connection was removed.');
    return { row, kept: await readTokens(trx, parts.keyring, { workspaceId, connectionId }) };
  });
}

function credentialOf({ row, kept }: Known): Credential {
  if (kept?.access == null) throw lost(row);
  return {
    authorization: `Bearer ${kept.access}`,
    budget: budgetOf(row),
    version: kept.version,
    expiresAt: kept.accessExpiresAt,
  };
}

/** Renews unless somebody else does; the refresh token is spent when GitHub answers, so a crash before the commit costs the grant. */
async function renew(whose: Whose, { row, kept }: Known): Promise<'done' | 'busy'> {
  const { parts, workspaceId, connectionId } = whose;
  const holder = randomUUID();
  const inWorkspace = parts.store.inWorkspace.bind(parts.store, workspaceId);
  await parts.keyring.prepare(workspaceId);
  const taken = await parts.store.inWorkspace(workspaceId, async (trx) => {
    if (kept === null)
      await sql`
        insert into connection_secrets (workspace_id, connection_id) values (${workspaceId}, ${connectionId})
        on conflict do nothing`.execute(trx);
    return takeRenewal(trx, connectionId, kept?.version ?? 1, holder);
  });
  if (!taken) return 'busy';
  try {
    const renewed = await renewTokens(parts, row, kept);
    if (!('tokens' in renewed)) {
      await inWorkspace((trx) => moveConnection(trx, { workspaceId, connectionId, ...renewed }));
      throw lost({ ...row, state: renewed.state, state_detail: renewed.detail ?? null });
    }
    await inWorkspace((trx) =>
      writeTokens(trx, parts.keyring, { workspaceId, connectionId, tokens: renewed.tokens, holder }),
    );
    return 'done';
  } catch (error) {
    await inWorkspace((trx) => endRenewal(trx, connectionId, holder));
    throw error;
  }
}

async function answerRefusal(whose: Whose, version: number, refusal: SourceRefused): Promise<'retry' | 'give up'> {
  const { parts, workspaceId, connectionId } = whose;
  if (refusal.kind === 'denied' && refusal.help !== null) {
    const detail = { url: refusal.help };
    await parts.store.inWorkspace(workspaceId, (trx) =>
      moveConnection(trx, { workspaceId, connectionId, state: 'sso', detail }),
    );
  }
  if (refusal.kind !== 'unauthenticated') return 'give up';
  const { row, kept } = await look(whose);
  if (!canRead(row.state)) return 'give up';
  if (kept !== null && kept.version > version) return 'retry';
  // Of a refresh token each use is one of few: what was renewed a moment ago, by whomever, is not renewed again.
  const isYoung = row.kind !== 'app' && kept !== null && parts.now().getTime() - kept.renewedAt.getTime() < youngMs;
  if (isYoung || whose.renewedAfterRefusal.has(version) || !canRenew(row, kept, parts.now())) {
    await lose(whose, row, 'dead');
    return 'give up';
  }
  await parts.store.inWorkspace(workspaceId, (trx) =>
    sql`
      update connection_secrets set access_expires_at = 'epoch'
      where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and version = ${version}`.execute(
      trx,
    ),
  );
  try {
    const { version: next } = await readCredential(whose);
    whose.renewedAfterRefusal.add(next);
    return 'retry';
  } catch (error) {
    if (error instanceof SourceRefused && error.kind === 'unauthenticated') return 'give up';
    throw error;
  }
}

/** Notes that nothing can be read with it any more, once, and answers what to throw. */
async function lose(whose: Whose, row: ConnectionRow, state: 'dead' | 'expired'): Promise<SourceRefused> {
  const { parts, workspaceId, connectionId } = whose;
  await parts.store.inWorkspace(workspaceId, (trx) => moveConnection(trx, { workspaceId, connectionId, state }));
  return lost({ ...row, state, state_detail: null });
}

function lost(row: ConnectionRow): SourceRefused {
  const { kind, login, state, state_detail: detail } = row;
  return new SourceRefused('unauthenticated', describeState({ kind, login, state, detail }));
}
