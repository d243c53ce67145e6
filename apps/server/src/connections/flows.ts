import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { type Role, roleMay, roleSchema } from '@devpulse/contract/permissions';
import { isId, newId } from '@devpulse/db/ids';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { makeSecret } from '../accounts/secret-format.ts';
import type { SecretPlace } from '../secrets/keyring.ts';
import { clearFlowCookie, readFlowCookie, setFlowCookie } from './flow-cookie.ts';
import type { GithubParts } from './github-parts.ts';

/** A browser that is at GitHub and is expected back: once, within minutes, with what it took along. */
export interface Flow {
  workspaceId: string;
  personId: string;
  accountId: string;
  sessionId: string;
  /** PKCE; null where the way has none. */
  verifier: string | null;
  details: Record<string, unknown>;
}

type Purpose = 'oauth' | 'app manifest';

const livesMinutes = 15;
const hash = (what: 'state' | 'browser', text: string): Buffer =>
  createHash('sha256').update(`devpulse connection ${what} 1\n`).update(text).digest();
const place = (workspaceId: string, id: string): SecretPlace => ({
  workspaceId,
  table: 'connection_flows',
  column: 'verifier',
  row: id,
});

/** Begins one for the session that asks; answers the state that GitHub is to hand back, and the challenge for the verifier. */
export async function beginFlow(
  parts: GithubParts,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  flow: { purpose: Purpose; details: Record<string, unknown> },
): Promise<{ state: string; challenge: string }> {
  const { workspaceId, personId, sessionId, accountId } = request.viewer;
  if (sessionId === null || accountId === null)
    throw new AppError('forbidden', 'This needs a browser with somebody who signed in; a token can be pasted instead.');
  const id = newId();
  const browser = readFlowCookie(request) ?? makeSecret();
  const verifier = makeSecret();
  const secret = makeSecret();
  const details = { ...flow.details, accountId };
  await parts.keyring.prepare(workspaceId);
  await parts.store.inWorkspace(workspaceId, (trx) =>
    sql`
      insert into connection_flows (
        workspace_id, id, purpose, state_hash, browser_hash, verifier, details, person_id, session_id, expires_at
      ) values (
        ${workspaceId}, ${id}, ${flow.purpose}, ${hash('state', secret)}, ${hash('browser', browser)},
        ${parts.keyring.seal(verifier, place(workspaceId, id))}, ${JSON.stringify(details)}::jsonb, ${personId}, ${sessionId},
        now() + make_interval(mins => ${livesMinutes})
      )`.execute(trx),
  );
  setFlowCookie(request, reply, browser);
  // The workspace is no secret: it says where to look the flow up, and what is looked up is found by the other half alone.
  return { state: `${workspaceId}.${secret}`, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

interface Row {
  id: string;
  verifier: string | null;
  details: Record<string, unknown>;
  person_id: string;
  session_id: string;
}

/**
 * Ends the flow that a browser came back with; null for any but the one that began it, a second time, or too late. Whoever began
 * it must still be signed in, and still be allowed to.
 */
export async function endFlow(
  parts: GithubParts,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  came: { purpose: Purpose; state: string | undefined },
): Promise<Flow | null> {
  const [workspaceId = '', secret = ''] = (came.state ?? '').split('.');
  const browser = readFlowCookie(request);
  clearFlowCookie(request, reply);
  if (!isId(workspaceId) || secret === '' || browser === null) return null;
  const taken = await parts.store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<Row & { role: string | null }>`
      with taken as (
        delete from connection_flows
        where workspace_id = ${ownWorkspace} and purpose = ${came.purpose} and state_hash = ${hash('state', secret)}
          and browser_hash = ${hash('browser', browser)} and expires_at > now()
        returning id, verifier, details, person_id, session_id
      )
      select t.*, (
        select m.role from people_members m
        where m.workspace_id = ${ownWorkspace} and m.person_id = t.person_id and m.deactivated_at is null
      ) as role from taken t`.execute(trx);
    return rows[0] ?? null;
  });
  if (taken === null || !mayConnect(taken.role)) return null;
  const accountId = z.uuid().parse(taken.details['accountId']);
  if (!(await isSignedIn(parts, taken.session_id, accountId))) return null;
  return {
    workspaceId,
    personId: taken.person_id,
    accountId,
    sessionId: taken.session_id,
    verifier: taken.verifier === null ? null : parts.keyring.open(taken.verifier, place(workspaceId, taken.id)),
    details: taken.details,
  };
}

function mayConnect(role: string | null): boolean {
  const known = roleSchema.safeParse(role);
  return known.success && roleMay(known.data satisfies Role, 'sources.manage');
}

async function isSignedIn({ store }: GithubParts, sessionId: string, accountId: string): Promise<boolean> {
  const { rows } = await sql<{ alive: boolean }>`
    select exists (
      select 1 from auth.session
      where id = ${sessionId} and user_id = ${accountId} and revoked_at is null and expires_at > now()
    ) as alive`.execute(store.auth);
  return rows[0]?.alive === true;
}
