import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { AuditAction } from '@devpulse/contract/audit-actions';
import type { ServerDeps } from '../deps.ts';
import { type AuditActor, auditActor, recordAccountAudit, systemActor } from '../audit/record-audit.ts';
import { givePersonalWorkspace } from '../workspaces/give-personal-workspace.ts';
import { mayJoin } from './may-join.ts';

/** What the library asks and tells in the middle of its work. */
export interface SignInEvents {
  /** Whether this invitation still opens the door. */
  mayJoin(invitation: string): Promise<boolean>;
  /** Somebody who was invited has an account now. */
  joined(account: { id: string; name: string }): Promise<void>;
  happened(accountId: string, action: AuditAction): Promise<void>;
}

// The library tells what happened without saying who asked.
const asked = new AsyncLocalStorage<FastifyRequest>();

/** Asks the library on behalf of a request, so that what it tells meanwhile is noted with its address. */
export function onBehalfOf<Result>(request: FastifyRequest, work: () => Promise<Result>): Promise<Result> {
  return asked.run(request, work);
}

/** The answers of this instance. */
export function openSignInEvents({ store }: Pick<ServerDeps, 'store'>): SignInEvents {
  return {
    mayJoin: (invitation) => mayJoin(store, invitation),
    joined: async ({ id, name }) => {
      const founder = { accountId: id, name, zone: null };
      // The first thing the screens ask for is the zone of whoever is new.
      await givePersonalWorkspace({ store, founder, zone: 'UTC', actor: actorOf(id) });
    },
    happened: (accountId, action) =>
      recordAccountAudit(store, accountId, {
        actor: actorOf(accountId),
        action,
        target: { kind: 'account', id: accountId },
      }),
  };
}

function actorOf(accountId: string): AuditActor {
  const request = asked.getStore();
  return { ...(request === undefined ? systemActor : auditActor(request)), accountId };
}
