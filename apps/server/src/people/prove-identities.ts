import { sql } from 'kysely';
import { githubAccountKey } from '@devpulse/contract/github-account';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { moveIdentities } from './move-identities.ts';

export interface ProveIdentities {
  store: Store;
  workspaceId: string;
  /** `https://github.com`, or the GitHub Enterprise server of this instance. */
  githubUrl: string;
}

/** An account that is connected to GitHub, and the identity of the same number there. */
interface Claim {
  identity_id: string;
  from_person_id: string;
  to_person_id: string;
  number: string;
  login: string | null;
  claimed_at: string;
}

/**
 * Gives identities at GitHub to the members who sign in as them, and answers how many. Whichever came first, the facts or the
 * account; each connection claims an identity once, so that what was taken back stays so. What somebody decided gives way, and so
 * does an earlier proof: the account there belongs to whoever signs in with it now.
 */
export async function proveIdentities(asked: ProveIdentities): Promise<number> {
  const prefix = githubAccountKey(new URL(asked.githubUrl).hostname, '');
  // Nearly always there is none; the lock that holds up the facts is not taken for that.
  if ((await asked.store.inWorkspace(asked.workspaceId, (trx) => readClaim(trx, prefix))) === undefined) return 0;
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    let proven = 0;
    // One by one, since a move can change from whom the next one comes.
    for (;;) {
      const claim = await readClaim(trx, prefix);
      if (claim === undefined) break;
      await prove(trx, asked.workspaceId, claim);
      proven += 1;
    }
    if (proven > 0) await announceChange(trx, asked.workspaceId, { metrics: ['*'], people: true });
    return proven;
  });
}

/** Whether anybody on this instance is connected to GitHub at all. */
export async function isAnybodyOnGithub(store: Store): Promise<boolean> {
  const { rows } = await sql<{ anybody: boolean }>`select anybody_on_github() as anybody`.execute(store.app);
  return rows[0]?.anybody === true;
}

async function prove(trx: WorkspaceTransaction, workspaceId: string, claim: Claim): Promise<void> {
  const account = claim.login ?? `account number ${claim.number}`;
  await moveIdentities(trx, [{ identityId: claim.identity_id, from: claim.from_person_id, to: claim.to_person_id }], {
    workspaceId,
    reason: `signed in with GitHub as ${account}`,
    by: null,
    proof: { by: 'github', claimedAt: claim.claimed_at },
  });
  await recordAudit(trx, {
    actor: systemActor,
    action: 'identity.proven',
    target: { kind: 'person', id: claim.to_person_id },
    after: { account: `${account} on GitHub` },
  });
}

const isNoMachine = sql`(i.kind = 'person' or exists (
        select 1 from people_kind_rules r
        where r.workspace_id = i.workspace_id and r.built_in and r.field in ('name', 'email')
          and i.kind_signal = r.field || ' is like "' || r.pattern || '": ' || r.reason
      ))`;

/**
 * On github.com the number stands for itself; other servers count on their own, and say so before it. Machines are nobody's, also
 * when somebody signs in as one; what only a name or an address of a commit calls a machine is none for that.
 */
async function readClaim(trx: WorkspaceTransaction, prefix: string): Promise<Claim | undefined> {
  const { rows } = await sql<Claim>`
    select i.id as identity_id, coalesce(l.person_id, i.id) as from_person_id, g.person_id as to_person_id, g.number, g.login,
           -- As text: a Date of JavaScript would lose the microseconds that tell one connection from the next.
           g.connected_at::text as claimed_at
    from github_accounts_here() g
    join workspaces w on w.id = ${ownWorkspace} and w.kind <> 'demo'
    join fact_identities i on i.workspace_id = w.id and i.source = 'github' and i.erased_at is null
      and ${isNoMachine}
      and i.external_key = 'id:' || ${prefix} || g.number
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    where not exists (
      select 1 from people_link_log d
      where d.workspace_id = i.workspace_id and d.identity_id = i.id and d.to_person_id = g.person_id
        and d.claimed_at = g.connected_at
    )
    order by g.connected_at, i.id limit 1`.execute(trx);
  return rows[0];
}
