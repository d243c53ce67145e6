import type { Selectable } from 'kysely';
import type { KindRuleView } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import type { PeopleKindRules } from '@devpulse/db/schema.gen';
import { ownWorkspace } from '@devpulse/db/own-workspace';

export type KindRuleRow = Selectable<PeopleKindRules>;

/** All rules, those switched off included, in the order in which they are asked. */
export async function listKindRules(asked: { store: Store; workspaceId: string }): Promise<KindRuleView[]> {
  const rows = await asked.store.inWorkspace(asked.workspaceId, (trx) =>
    trx
      .selectFrom('people_kind_rules')
      .where('workspace_id', '=', ownWorkspace)
      .selectAll()
      .orderBy('priority')
      .orderBy('id')
      .execute(),
  );
  return rows.map(toKindRuleView);
}

/** The row in the shape of the API. */
export function toKindRuleView(row: KindRuleRow): KindRuleView {
  return {
    id: row.id,
    field: row.field,
    pattern: row.pattern,
    kind: row.kind,
    reason: row.reason,
    priority: row.priority,
    builtIn: row.built_in,
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
  };
}
