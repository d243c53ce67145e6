import { sql } from 'kysely';
import type { Connector, PullPlan } from '@devpulse/contract/connector';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { SourcePlan } from '@devpulse/contract/wire/sources';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { budgetOf, readConnection } from '../connections/connection-rows.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { announceChange } from '../live/announce-change.ts';
import { lendClient } from './lend-client.ts';

interface Asked {
  workspaceId: string;
  sourceId: string;
  history?: 'quarter' | 'year' | 'all' | undefined;
}

interface Planned {
  connector: string;
  settings: object;
  connection_id: string | null;
  is_fresh: boolean;
  plan: SourcePlan | null;
}

/** What an account may ask in an hour at least, of each resource. */
const usualLimit = 5000;
/** Of that a fifth is kept free for what just happened and for people, see the governor. */
const shareOfHistory = 0.8;

/** Asks the source how much there is and keeps what reading it takes. */
export async function planSource(
  { parts, connectors }: { parts: GithubParts; connectors: ReadonlyMap<string, Connector> },
  asked: Asked,
): Promise<void> {
  const { workspaceId, sourceId } = asked;
  const source = await readPlanned(parts, asked);
  const connector = connectors.get(source.connector);
  if (source.connection_id === null || connector?.plan === undefined)
    throw new AppError('conflict', 'Its past costs nothing to read, so there is nothing to plan.');
  const settings = { ...source.settings, ...(asked.history === undefined ? {} : { history: asked.history }) };
  const read = connector.settings.parse(settings) as { history: string };
  if (source.is_fresh && source.plan?.history === read.history) return;
  const borrower = { workspaceId, connectionId: source.connection_id };
  const counted = await count(() =>
    (connector.plan as NonNullable<Connector['plan']>)(read, lendClient(parts, borrower, 'person'), parts.now()),
  );
  const connection = await parts.store.inWorkspace(workspaceId, (trx) => readConnection(trx, borrower.connectionId));
  const states = await parts.governor.states([budgetOf(connection)]);
  const limit = Math.max(0, ...states.flatMap((state) => state.limit ?? [])) || usualLimit;
  const plan = writePlan(counted, { history: read.history, limit, isApp: connection.kind === 'app', now: parts.now() });
  await parts.store.inWorkspace(workspaceId, async (trx) => {
    await sql`
      update sources set plan = ${JSON.stringify(plan)}::jsonb where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid`.execute(
      trx,
    );
    await announceChange(trx, workspaceId, { sources: true });
  });
}

async function readPlanned({ store }: GithubParts, { workspaceId, sourceId }: Asked): Promise<Planned> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<Planned>`
      select connector, settings, connection_id, plan,
        coalesce((plan ->> 'madeAt')::timestamptz > now() - interval '1 minute', false) as is_fresh
      from sources where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid`.execute(trx),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found', 'There is no such source; it may have been removed.');
  return row;
}

async function count(ask: () => Promise<PullPlan>): Promise<PullPlan> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SourceRefused) throw new AppError('conflict', error.message);
    throw error;
  }
}

function writePlan(
  { kinds }: PullPlan,
  { history, limit, isApp, now }: { history: string; limit: number; isApp: boolean; now: Date },
): SourcePlan {
  const byResource = new Map<string, number>();
  for (const { resource, cost } of kinds) byResource.set(resource, (byResource.get(resource) ?? 0) + cost);
  // Each resource has a budget of its own, and they are read side by side over the hours.
  const most = Math.max(0, ...byResource.values());
  const hoursAt = (quota: number): number => Math.round((most / (quota * shareOfHistory)) * 10) / 10;
  return {
    madeAt: now.toISOString(),
    history,
    kinds,
    cost: kinds.reduce((sum, { cost }) => sum + cost, 0),
    limit,
    hours: hoursAt(limit),
    // The budget of an App is its own, and whatever the account asks elsewhere takes nothing from it.
    app: isApp ? null : { limit: usualLimit, hours: hoursAt(usualLimit) },
  };
}
