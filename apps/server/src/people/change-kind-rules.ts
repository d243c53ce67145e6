import { AppError } from '@devpulse/contract/errors';
import { kindRulePriority } from '@devpulse/contract/kind-rules';
import type { KindRuleChange, KindRulePreview, KindRuleView, NewKindRule } from '@devpulse/contract/wire/people';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { type KindRuleRow, toKindRuleView } from './list-kind-rules.ts';
import { readIdentities, toIdentityView } from './select-identities.ts';

export interface ChangeKindRules {
  store: Store;
  workspaceId: string;
  change: KindRuleChange;
}

/** The rule as it was left, or as it was before it was removed, and the identities that are something else now. */
export interface KindRuleOutcome {
  rule: KindRuleView;
  changed: string[];
}

/** Adds, switches or removes a rule, and classifies everybody anew at once. */
export async function changeKindRules(asked: ChangeKindRules): Promise<KindRuleOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, (trx) => applyChange(trx, asked));
}

const previewMax = 200;

/** Shows whom a change would make something else. It is done and taken back, so that it cannot differ from the deed. */
export async function previewKindRules(asked: ChangeKindRules): Promise<KindRulePreview> {
  const seen = new Rehearsal();
  await asked.store
    .inWorkspace(asked.workspaceId, async (trx) => {
      const { changed } = await applyChange(trx, asked);
      const rows = await readIdentities(trx, changed.slice(0, previewMax));
      seen.end(changed.length, new Map(rows.map((row) => [row.id, { becomes: row.kind, signal: row.kind_signal }])));
    })
    .catch((error: unknown) => {
      if (error !== seen) throw error;
    });
  const rows = await asked.store.inWorkspace(asked.workspaceId, (trx) => readIdentities(trx, [...seen.after.keys()]));
  return {
    total: seen.total,
    identities: rows.flatMap((row) => {
      const after = seen.after.get(row.id);
      return after === undefined ? [] : [{ identity: toIdentityView(row), ...after }];
    }),
  };
}

/** Thrown to roll a transaction back after what it would have done was read. */
class Rehearsal extends Error {
  total = 0;
  after: ReadonlyMap<string, { becomes: KindRulePreview['identities'][number]['becomes']; signal: string }> = new Map();

  end(total: number, after: Rehearsal['after']): never {
    this.total = total;
    this.after = after;
    throw this;
  }
}

async function applyChange(trx: WorkspaceTransaction, asked: ChangeKindRules): Promise<KindRuleOutcome> {
  await lockFacts(trx);
  const rule = await writeChange(trx, asked.workspaceId, asked.change);
  return { rule: toKindRuleView(rule), changed: await classifyIdentities(trx, 'all') };
}

async function writeChange(
  trx: WorkspaceTransaction,
  workspaceId: string,
  change: KindRuleChange,
): Promise<KindRuleRow> {
  switch (change.change) {
    case 'add':
      return addRule(trx, workspaceId, change.rule);
    case 'enable':
    case 'disable':
      return switchRule(trx, change.id, change.change === 'enable');
    case 'remove':
      return removeRule(trx, change.id);
  }
}

async function addRule(trx: WorkspaceTransaction, workspaceId: string, rule: NewKindRule): Promise<KindRuleRow> {
  const row = await trx
    .insertInto('people_kind_rules')
    .values({ ...rule, workspace_id: workspaceId, id: newId(), priority: rule.priority ?? kindRulePriority.own })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'field', 'pattern']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('conflict', `There is a rule for ${rule.field} "${rule.pattern}" already.`);
  return row;
}

async function switchRule(trx: WorkspaceTransaction, id: string, enabled: boolean): Promise<KindRuleRow> {
  const row = await trx
    .updateTable('people_kind_rules')
    .where('workspace_id', '=', ownWorkspace)
    .set({ enabled })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', `There is no rule ${id}.`);
  return row;
}

async function removeRule(trx: WorkspaceTransaction, id: string): Promise<KindRuleRow> {
  const row = await trx
    .selectFrom('people_kind_rules')
    .where('workspace_id', '=', ownWorkspace)
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', `There is no rule ${id}.`);
  if (row.built_in)
    throw new AppError('conflict', 'A built-in rule would come back with the next start; switch it off instead.');
  await trx.deleteFrom('people_kind_rules').where('workspace_id', '=', ownWorkspace).where('id', '=', id).execute();
  return row;
}
