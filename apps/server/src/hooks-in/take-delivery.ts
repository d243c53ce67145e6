import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { ServerDeps } from '../deps.ts';
import { type Delivery, hashOf, keyOf, kindOf } from './read-delivery.ts';
import { scanMembers } from './scan-members.ts';

/** Counts what became of deliveries. */
type Counts = Pick<ServerDeps['telemetry'], 'eventsCaptured'>;
type Parts = Pick<ServerDeps, 'store' | 'capture' | 'githubHost'> & { telemetry: Counts };

// For one installation that nobody has claimed. Beyond it GitHub is told that it failed, and asked again for it when it is claimed.
const unclaimed = { rows: 5_000, bytes: 256 * 1024 * 1024 };
const compressFrom = 16 * 1024;
const compress = promisify(gzip);

/** Keeps a delivery for the workspace it belongs to; what it resolves for is on disk. */
export async function takeDelivery(parts: Parts, delivery: Delivery, workspaceId: string | null): Promise<void> {
  const names = ['repository.id', ...(workspaceId === null ? ['installation.id'] : [])];
  const found = await scanMembers(delivery.body, names);
  const repository = numberAt(found, 'repository.id');
  if (workspaceId !== null) return captureDelivery(parts, { ...delivery, repository }, workspaceId);
  const installation = numberAt(found, 'installation.id');
  const owner = installation === null ? null : await findOwner(parts, installation);
  if (owner !== null) return captureDelivery(parts, { ...delivery, repository }, owner);
  await keepUnclaimed(parts, delivery, installation);
}

function numberAt(found: ReadonlyMap<string, string | number>, name: string): string | null {
  const number = found.get(name);
  return typeof number === 'number' && Number.isSafeInteger(number) ? String(number) : null;
}

/** The number of the repository that a body is about. */
export async function findRepository(body: Buffer): Promise<string | null> {
  return numberAt(await scanMembers(body, ['repository.id']), 'repository.id');
}

/**
 * What is about a repository that nobody watches is kept as such, and nothing of it is read: hooks of the App and of organisations
 * tell of more than somebody chose. The same id with another body is another delivery, whoever's fault that is: both are kept.
 */
export async function captureDelivery(
  { store, githubHost, capture, telemetry }: Parts,
  { repository, ...delivery }: Delivery & { repository: string | null },
  workspaceId: string,
): Promise<void> {
  const isRead = repository === null || (await isWatched(store, workspaceId, `${githubHost.host}/${repository}`));
  const row = {
    workspaceId,
    source: 'github',
    key: keyOf(delivery),
    kind: kindOf(delivery, isRead),
    arrival: 'webhook' as const,
    body: delivery.body,
  };
  const [outcome = 'accepted'] = await capture.add([row]);
  telemetry.eventsCaptured('github', outcome, 1);
  if (outcome === 'clash')
    await capture.add([{ ...row, key: `${row.key}~${hashOf(delivery.body).toString('hex').slice(0, 16)}` }]);
}

async function isWatched(store: ServerDeps['store'], workspaceId: string, key: string): Promise<boolean> {
  const { rows } = await sql<{ watched: boolean }>`
    select is_watched(${workspaceId}, 'github', ${key}) as watched`.execute(store.app);
  return rows[0]?.watched === true;
}

async function findOwner({ store, githubHost }: Parts, installation: string): Promise<string | null> {
  const { rows } = await sql<{ workspace_id: string | null }>`
    select workspace_of_installation(${githubHost.host}, ${installation}) as workspace_id`.execute(store.app);
  return rows[0]?.workspace_id ?? null;
}

async function keepUnclaimed(
  { store, githubHost, telemetry }: Parts,
  { id, event, body }: Delivery,
  installation: string | null,
): Promise<void> {
  const isPacked = body.length >= compressFrom;
  const stored = isPacked ? await compress(body, { level: constants.Z_BEST_SPEED }) : body;
  const { rows } = await sql<{ kept: boolean }>`
    select keep_unclaimed(
      ${newId()}, ${githubHost.host}, ${id}, ${installation}, ${event}, ${stored}, ${isPacked ? 'gzip' : 'identity'}, ${hashOf(body)},
      ${unclaimed.rows}, ${unclaimed.bytes}
    ) as kept`.execute(store.app);
  const isKept = rows[0]?.kept === true;
  telemetry.eventsCaptured('github', isKept ? 'unclaimed' : 'no room', 1);
  if (!isKept) throw new AppError('busy', 'Too much came for an installation that nobody has claimed.');
}
