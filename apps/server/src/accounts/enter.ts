import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { SessionView } from '@devpulse/contract/wire/session';
import type { Store } from '@devpulse/db/open-store';
import type { ServerDeps } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { listAccountWorkspaces } from '../workspaces/account-workspaces.ts';
import { givePersonalWorkspace } from '../workspaces/give-personal-workspace.ts';
import { recheckOwnSight } from '../viewers/recheck-sight.ts';
import { readSessionView } from './read-session-view.ts';
import { hashSecret } from './secret-format.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

/** By what somebody proved who they are. */
export type Means = 'password' | 'two-factor' | 'passkey' | 'github' | 'one-time link' | 'invitation';

/** A request and its answer. */
export interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * Gives the browser its session; one that it brought along ends, so that there is never one too many. Throws for an account that
 * is in no workspace: it would be signed in to nothing.
 */
export async function enter(deps: ServerDeps, token: string, means: Means, exchange: Exchange): Promise<SessionView> {
  const { request, reply } = exchange;
  await giveHome(deps, token, request);
  const view = await readSessionView(deps, token);
  if (view.account === null) {
    await endSession(deps, token);
    clearSessionCookie(request, reply);
    throw new AppError(
      'forbidden',
      'This account is in no workspace any more. Ask somebody who runs one to invite you again.',
    );
  }
  const former = readSessionCookie(request);
  if (former !== null) await endSession(deps, former);
  setSessionCookie(request, reply, token);
  await forgetOldSessions(deps);
  await sql`select place_session(${hashSecret('session', token)}, ${request.ip})`.execute(deps.store.app);
  await recordAccountAudit(deps.store, view.account.id, {
    actor: { ...auditActor(request), accountId: view.account.id },
    action: 'account.signed_in',
    after: { means },
  });
  await recheckOwnSight(deps.store, view.account.id);
  // What GitHub vouched for may be the proof of who somebody is in what was read from there.
  deps.nudge();
  return view;
}

/**
 * Every account has a workspace of its own, which is made right after it. Where a crash came in between it is made now: an account
 * would be nowhere once it leaves its teams, or is nowhere already.
 */
async function giveHome({ store }: ServerDeps, token: string, request: FastifyRequest): Promise<void> {
  const { rows } = await sql<{ id: string; name: string }>`
    select u.id, u.name from auth.session s join auth."user" u on u.id = s.user_id
    where s.token = ${hashSecret('session', token).toString('hex')}`.execute(store.auth);
  const account = rows[0];
  if (account === undefined || (await isBarred(store, account.id))) return;
  const founder = { accountId: account.id, name: account.name, zone: null };
  const actor = { ...auditActor(request), accountId: account.id };
  await givePersonalWorkspace({ store, founder, zone: 'UTC', actor });
}

/** Whoever was put out of every workspace stays out; whoever was never in any was not put out. */
async function isBarred(store: Store, accountId: string): Promise<boolean> {
  const all = await listAccountWorkspaces(store.app, accountId);
  return all.length > 0 && all.every(({ deactivatedAt }) => deactivatedAt !== null);
}

async function endSession(deps: ServerDeps, token: string): Promise<void> {
  await sql`select end_session(${hashSecret('session', token)})`.execute(deps.store.app);
}

/** Those that ended long ago, on the way of whoever comes in. */
async function forgetOldSessions(deps: ServerDeps): Promise<void> {
  await sql`delete from auth.session where least(expires_at, revoked_at) < now() - interval '30 days'`.execute(
    deps.store.auth,
  );
}
