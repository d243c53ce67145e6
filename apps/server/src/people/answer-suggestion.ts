import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { mergePeople } from './link-identities.ts';
import { findSuggestions } from './read-suggestions.ts';
import { readIdentities } from './select-identities.ts';

export interface AnswerSuggestion {
  store: Store;
  workspaceId: string;
  /** The two identities of the suggestion, in any order. */
  identityIds: readonly [string, string];
  by: string | null;
}

/** Joins the two persons behind a suggestion, with its reasons as the reason of the decision. */
export async function confirmSuggestion(asked: AnswerSuggestion): Promise<LinkOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    await readIdentities(trx, asked.identityIds);
    const wanted = new Set(asked.identityIds);
    const suggestion = (await findSuggestions(trx)).find(({ a, b }) => a !== b && wanted.has(a) && wanted.has(b));
    if (suggestion === undefined) {
      throw new AppError('conflict', 'This is not suggested any more: they were joined, declined or changed since.');
    }
    const { into, from } = await chooseDirection(trx, suggestion.personA, suggestion.personB);
    const reason = suggestion.reasons.map(({ words }) => words).join('; ');
    return mergePeople(
      trx,
      { from, into },
      { workspaceId: asked.workspaceId, reason: `suggested: ${reason}`, by: asked.by },
    );
  });
}

/** Says that the two are not the same person; neither they nor the persons behind them are suggested again. */
export async function declineSuggestion(asked: AnswerSuggestion): Promise<void> {
  const [first, second] = asked.identityIds.toSorted();
  if (first === undefined || second === undefined || first === second) {
    throw new AppError('invalid_request', 'A suggestion has two identities.', {
      problems: [{ path: 'body.identityIds', message: 'two different ids' }],
    });
  }
  await asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await readIdentities(trx, asked.identityIds);
    await trx
      .insertInto('people_declined_suggestions')
      .values({ workspace_id: asked.workspaceId, identity_a: first, identity_b: second, decided_by: asked.by })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** The one who is a member stays, else the one who has settings, else the one who was seen first. */
async function chooseDirection(
  trx: WorkspaceTransaction,
  a: string,
  b: string,
): Promise<{ into: string; from: string }> {
  const { rows } = await sql<{ id: string }>`
    select candidate.id from unnest(array[${a}, ${b}]::uuid[]) as candidate (id)
    left join people p on p.workspace_id = ${ownWorkspace} and p.id = candidate.id
    left join people_members m on m.workspace_id = ${ownWorkspace} and m.person_id = candidate.id
    left join lateral (
      select min(i.first_seen_at) as at from fact_identities i
      left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
      where i.workspace_id = ${ownWorkspace} and coalesce(l.person_id, i.id) = candidate.id
    ) seen on true
    order by m.person_id is null, p.id is null, seen.at, candidate.id`.execute(trx);
  const into = rows[0]?.id ?? a;
  return { into, from: into === a ? b : a };
}
