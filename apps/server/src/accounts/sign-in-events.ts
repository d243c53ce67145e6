import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { AuditAction } from '@devpulse/contract/audit-actions';
import { invitationDays } from '@devpulse/contract/wire/members';
import type { Store } from '@devpulse/db/open-store';
import type { ServerDeps } from '../deps.ts';
import { type AuditActor, auditActor, recordAccountAudit, systemActor } from '../audit/record-audit.ts';
import { givePersonalWorkspace } from '../workspaces/give-personal-workspace.ts';
import type { Budget } from '../protect/limit-classes.ts';
import { openStoreLimits } from '../protect/limit-store.ts';
import { mayJoin } from './may-join.ts';
import { hashSecret } from './secret-format.ts';

/** What the library asks and tells in the middle of its work. */
export interface SignInEvents {
  /** Whether this invitation still opens the door; a yes counts as an account that is made by it. */
  mayJoin(invitation: string): Promise<boolean>;
  /** Somebody who was invited has an account now; the zone is their browser’s, where it told one. */
  joined(account: { id: string; name: string }, zone: string | null): Promise<void>;
  /** Somebody set another password by a link. */
  passwordReset(account: { id: string; emailVerified: boolean }): Promise<void>;
  happened(accountId: string, action: AuditAction): Promise<void>;
}

// The library tells what happened without saying who asked.
const asked = new AsyncLocalStorage<FastifyRequest>();

/** Asks the library on behalf of a request, so that what it tells meanwhile is noted with its address. */
export function onBehalfOf<Result>(request: FastifyRequest, work: () => Promise<Result>): Promise<Result> {
  return asked.run(request, work);
}

/** The answers of this instance. */
export function openSignInEvents({ store, mailer }: Pick<ServerDeps, 'store' | 'mailer'>): SignInEvents {
  const happened: SignInEvents['happened'] = (accountId, action) =>
    recordAccountAudit(store, accountId, {
      actor: actorOf(accountId),
      action,
      target: { kind: 'account', id: accountId },
    });
  return {
    mayJoin: async (invitation) => (await mayJoin(store, invitation)) && countAccount(store, invitation),
    joined: async ({ id, name }, zone) => {
      const founder = { accountId: id, name, zone: null };
      await givePersonalWorkspace({ store, founder, zone: zone ?? 'UTC', actor: actorOf(id) });
    },
    passwordReset: async ({ id, emailVerified }) => {
      // Without mail the link came from whoever runs the machine, and says nothing of the address.
      if (!emailVerified && mailer !== null) await endUnprovenWays(store, id);
      await happened(id, 'account.password_reset');
    },
    happened,
  };
}

/**
 * The mail is the first proof of whose the address is. Until now anybody could have entered it as theirs, and be waiting for its
 * holder to come with a way in of their own. The second step stays: it keeps out, and lets nobody in.
 */
async function endUnprovenWays(store: Store, accountId: string): Promise<void> {
  await store.auth.transaction().execute(async (trx) => {
    await sql`delete from auth.passkey where user_id = ${accountId}`.execute(trx);
    await sql`delete from auth.account where user_id = ${accountId} and provider_id <> 'credential'`.execute(trx);
  });
}

// Whoever comes by GitHub has an account before they accept, so the invitation is not used up by it: a link that was passed
// around must not let a crowd in. More than one, since a first try may come to nothing.
const accountsOfInvitation: Budget = {
  name: 'accounts of an invitation',
  most: 3,
  everyUs: (invitationDays * 86_400e6) / 3,
};

async function countAccount(store: Store, invitation: string): Promise<boolean> {
  const key = `accounts by ${hashSecret('invitation', invitation).toString('hex')}`;
  const [grant] = await openStoreLimits(store).take([{ key, budget: accountsOfInvitation, units: 1 }]);
  return grant !== undefined && grant.granted > 0;
}

function actorOf(accountId: string): AuditActor {
  const request = asked.getStore();
  return { ...(request === undefined ? systemActor : auditActor(request)), accountId };
}
