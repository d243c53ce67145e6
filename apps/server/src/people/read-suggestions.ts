import { sql } from 'kysely';
import type { MergeSuggestionView } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readNames } from './list-people.ts';
import { type IdentityRow, identityQuery, readIdentities, toIdentityView } from './select-identities.ts';
import { type MergeSuggestion, suggestMerges } from './suggest-merges.ts';

export interface ReadSuggestions {
  store: Store;
  workspaceId: string;
  /** Least confidence. */
  atLeast: number;
  limit: number;
}

/** Who may be the same person, the likeliest first. Nothing is joined by this. */
export async function readSuggestions(
  asked: ReadSuggestions,
): Promise<{ suggestions: MergeSuggestionView[]; total: number }> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const all = (await findSuggestions(trx)).filter((suggestion) => suggestion.confidence >= asked.atLeast);
    const shown = all.slice(0, asked.limit);
    const names = await readNames(
      trx,
      shown.flatMap(({ personA, personB }) => [personA, personB]),
    );
    const identities = await readIdentities(trx, [...new Set(shown.flatMap(({ a, b }) => [a, b]))]);
    const byId = new Map(identities.map((row) => [row.id, row]));
    return { suggestions: shown.map((suggestion) => toView(suggestion, byId, names)), total: all.length };
  });
}

/** All suggestions of the workspace as they stand now. */
export async function findSuggestions(trx: WorkspaceTransaction): Promise<MergeSuggestion[]> {
  const { rows } = await identityQuery(sql`i.kind = 'person'`).execute(trx);
  const links = new Map(rows.filter((row) => row.linked).map((row) => [row.id, row.person_id]));
  const declined = await trx
    .selectFrom('people_declined_suggestions')
    .where('workspace_id', '=', ownWorkspace)
    .select(['identity_a', 'identity_b'])
    .execute();
  // A declined identity may be no person today; its link still says for whom it was declined.
  const others = await trx
    .selectFrom('people_links')
    .where('workspace_id', '=', ownWorkspace)
    .select(['identity_id', 'person_id'])
    .execute();
  for (const link of others) links.set(link.identity_id, link.person_id);
  return suggestMerges(
    rows.map((row) => ({ ...row, externalKey: row.external_key })),
    links,
    declined.map((row) => [row.identity_a, row.identity_b]),
  );
}

function toView(
  suggestion: MergeSuggestion,
  identities: ReadonlyMap<string, IdentityRow>,
  names: ReadonlyMap<string, string>,
): MergeSuggestionView {
  return {
    identities: [suggestion.a, suggestion.b].flatMap((id) => {
      const row = identities.get(id);
      return row === undefined ? [] : [toIdentityView(row)];
    }),
    people: [suggestion.personA, suggestion.personB].map((id) => ({ id, name: names.get(id) ?? 'Unnamed' })),
    reasons: suggestion.reasons,
    confidence: suggestion.confidence,
  };
}
