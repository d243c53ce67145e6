import { sql } from 'kysely';
import { builtInKindRules } from '@devpulse/contract/kind-rules';
import { stableId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';

/**
 * Brings the built-in rules of a workspace up to those of this version, and classifies anew when that changed something.
 * A rule that somebody switched off stays off; one that somebody wrote for the same pattern stays theirs.
 */
export async function seedKindRules(trx: WorkspaceTransaction, workspaceId: string): Promise<{ changed: number }> {
  await lockFacts(trx);
  const wanted = builtInKindRules.map((rule) => ({
    ...rule,
    id: stableId('kind-rule', workspaceId, rule.field, rule.pattern),
  }));
  const written = await sql<{ id: string }>`
    insert into people_kind_rules as r (workspace_id, id, field, pattern, kind, reason, priority, built_in)
    select ${workspaceId}, w.id, w.field, w.pattern, w.kind, w.reason, w.priority, true
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w (id uuid, field text, pattern text, kind text, reason text, priority integer)
    on conflict (workspace_id, field, pattern) do update
      set kind = excluded.kind, reason = excluded.reason, priority = excluded.priority
      where r.built_in and (r.kind, r.reason, r.priority) is distinct from (excluded.kind, excluded.reason, excluded.priority)
    returning r.id`.execute(trx);
  const withdrawn = await sql<{ id: string }>`
    delete from people_kind_rules
    where workspace_id = ${ownWorkspace} and built_in and not (id = any(${wanted.map((rule) => rule.id)}::uuid[])) returning id`.execute(
    trx,
  );
  const changed = written.rows.length + withdrawn.rows.length;
  if (changed > 0) await classifyIdentities(trx, 'all');
  return { changed };
}
