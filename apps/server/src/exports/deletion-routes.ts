import { z } from 'zod';
import { deleteAccountSchema, deletionPlanSchema } from '@devpulse/contract/wire/data';
import { limitGuesses } from '../accounts/prove-password.ts';
import { clearSessionCookie } from '../accounts/session-cookie.ts';
import { readDemoState } from '../demo/demo-state.ts';
import { removeDemo } from '../demo/remove-demo.ts';
import type { App, ServerDeps } from '../deps.ts';
import { ensureWorkspace } from '../workspaces/ensure-workspace.ts';
import { deleteAccount, planDeletion } from './delete-account.ts';
import { askerOf, dataTags } from './asker.ts';

/** Deleting one's account: what would happen, and the deed. */
export function registerAccountDeletion(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/account/deletion', {
    config: { permission: 'account.manage', errors: ['forbidden'] },
    schema: {
      operationId: 'planDeletion',
      tags: dataTags,
      summary: 'What deleting one’s account would do',
      response: { 200: deletionPlanSchema },
    },
    handler: async (request) => planDeletion(store, askerOf(request).accountId),
  });
  app.delete('/api/v1/account', {
    config: { permission: 'account.manage', limit: 'doors', errors: ['forbidden', 'conflict', 'too_many_requests'] },
    schema: {
      operationId: 'deleteAccount',
      tags: dataTags,
      summary: 'Delete one’s account with everything personal',
      description:
        'In one transaction, and for good: the account, its sessions, devices and tokens, and the personal workspace with all ' +
        'its facts. In other workspaces the facts stay, with or without the name, as the workspace says.',
      body: deleteAccountSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { accountId, sessionId } = askerOf(request);
      const { confirmation, password } = request.body;
      // The password is asked for, so this is one more place where it could be tried.
      await limitGuesses(deps, { request, reply }, () =>
        deleteAccount({ store, accountId, sessionId, confirmation, password }),
      );
      clearSessionCookie(request, reply);
      await tidyUp(deps, accountId);
      return reply.code(204).send(null);
    },
  });
}

/** A demo of theirs goes too, and an instance that is left without a workspace is as it was at its first start. */
async function tidyUp({ store, demo, log }: ServerDeps, accountId: string): Promise<void> {
  try {
    const { plan } = await readDemoState(store);
    if (plan?.accountId === accountId) await removeDemo({ store, folder: demo.folder });
    await ensureWorkspace(store);
  } catch (error) {
    // The account is gone, which is what was asked for; the next start does the rest.
    log.warn({ err: error }, 'tidying up after a deleted account failed');
  }
}
