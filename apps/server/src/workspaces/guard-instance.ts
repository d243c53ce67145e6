import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import type { App, Viewer } from '../deps.ts';

/**
 * Keeps routes that are about the instance itself (its jobs, its faults, the folders of its machine) to those who look after
 * it. Anybody can make a workspace and is its owner; the role alone must not open what is everybody's.
 */
export function guardInstance(app: App, store: Store): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.instance !== true || route.config.permission === 'public') return;
    // Behind the guard of all routes, which has found out who asks.
    route.preValidation = [
      async (request: { viewer: Viewer }) => demandOperator(store, request.viewer),
      ...[route.preValidation ?? []].flat(),
    ];
  });
}

/** Throws unless whoever asks looks after the instance. */
async function demandOperator(store: Store, viewer: Viewer): Promise<void> {
  const { rows } = await sql<{ may: boolean }>`
    select runs_instance(${viewer.workspaceId}, ${viewer.personId}, ${viewer.accountId}) as may`.execute(store.app);
  if (rows[0]?.may === true) return;
  throw new AppError(
    'forbidden',
    'This is about the whole instance, not about your workspace: only those who look after the instance may do it.',
  );
}
