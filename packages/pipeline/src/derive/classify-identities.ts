import { sql } from 'kysely';
import type { IdentityKind, KindRule } from '@devpulse/contract/kind-rules';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { markIdentitiesStale } from './mark-stale.ts';

/** What rules look at. */
export interface Classifiable {
  source_kind: string | null;
  login: string | null;
  email: string | null;
  name: string | null;
  /** Whoever it is signed in as it. */
  is_proven?: boolean;
}

/** The part of a rule that decides. */
export type DecidingRule = Pick<KindRule, 'field' | 'pattern' | 'kind' | 'reason'> & {
  /** It came with the program; nobody here decided it. */
  is_built_in?: boolean;
};

/** A rule with its pattern made ready. */
export interface CompiledRule extends DecidingRule {
  matches(text: string): boolean;
}

/** Prepares rules, given in order of precedence. `*` stands for any run of characters; case does not matter. */
export function compileRules(rules: readonly DecidingRule[]): CompiledRule[] {
  return rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));
}

/**
 * A matcher that looks at each character once. As a regular expression, three stars against a name of 60 KB took seconds, and
 * names are written by strangers.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const pieces = pattern.toLowerCase().split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (text) => text.toLowerCase() === first;
  return (text) => {
    const lower = text.toLowerCase();
    if (!lower.startsWith(first) || !lower.endsWith(last) || lower.length < first.length + last.length) return false;
    const end = lower.length - last.length;
    let at = first.length;
    for (const piece of rest) {
      const found = lower.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** The first rule that fits decides; whom no rule names is a person. Pure, and independent of any order of events. */
export function classify(
  identity: Classifiable,
  rules: readonly CompiledRule[],
): { kind: IdentityKind; signal: string } {
  for (const rule of rules) {
    if (identity.is_proven === true && isGuess(rule)) continue;
    const value = identity[rule.field];
    if (value !== null && rule.matches(value))
      return { kind: rule.kind, signal: `${rule.field} is like "${rule.pattern}": ${rule.reason}` };
  }
  return { kind: 'person', signal: 'no rule names it' };
}

/**
 * Anybody can sign a commit with the name and address of somebody else, and with the name of a machine. That must not make a
 * machine of whoever showed by signing in that they are none.
 */
function isGuess({ field, kind, is_built_in }: DecidingRule): boolean {
  return is_built_in === true && kind !== 'person' && (field === 'name' || field === 'email');
}

/**
 * Applies overrides and rules to identities, writes what changed, marks its days stale, and returns the ids whose kind
 * changed. The only writer of `kind` and `kind_signal`.
 */
export async function classifyIdentities(
  trx: WorkspaceTransaction,
  identityIds: readonly string[] | 'all',
): Promise<string[]> {
  if (identityIds !== 'all' && identityIds.length === 0) return [];
  const rules = await readRules(trx);
  const { rows } = await sql<
    Classifiable & {
      id: string;
      kind: IdentityKind;
      kind_signal: string;
      override_kind: IdentityKind | null;
      override_reason: string | null;
    }
  >`
    select i.id, i.source_kind, i.login, i.email, i.name, i.kind, i.kind_signal, o.kind as override_kind, o.reason as override_reason,
      exists (
        select 1 from people_link_log d
        join people_links l on l.workspace_id = d.workspace_id and l.identity_id = d.identity_id and l.person_id = d.to_person_id
        where d.workspace_id = i.workspace_id and d.identity_id = i.id and d.proof is not null and d.undone_at is null
      ) as is_proven
    from fact_identities i
    left join people_kind_overrides o on o.workspace_id = i.workspace_id and o.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and ${identityIds === 'all' ? sql`true` : sql`i.id = any(${identityIds}::uuid[])`}
    order by i.id for update of i`.execute(trx);
  const judged = rows.map((row) => ({ row, ...judge(row, rules) }));
  const changed = judged.filter(({ row, kind, signal }) => kind !== row.kind || signal !== row.kind_signal);
  if (changed.length === 0) return [];
  await sql`
    update fact_identities i set kind = c.kind, kind_signal = c.signal
    from json_to_recordset(${JSON.stringify(changed.map(({ row, kind, signal }) => ({ id: row.id, kind, signal })))}::json)
      as c (id uuid, kind text, signal text)
    where i.workspace_id = ${ownWorkspace} and i.id = c.id`.execute(trx);
  const otherKind = changed.filter(({ row, kind }) => kind !== row.kind).map(({ row }) => row.id);
  await markIdentitiesStale(trx, otherKind);
  return otherKind;
}

/** The rules in force, in order of precedence. */
async function readRules(trx: WorkspaceTransaction): Promise<CompiledRule[]> {
  const rules = await trx
    .selectFrom('people_kind_rules')
    .where('workspace_id', '=', ownWorkspace)
    .select(['field', 'pattern', 'kind', 'reason', 'built_in as is_built_in'])
    .where('enabled', '=', true)
    .orderBy('priority')
    .orderBy('id')
    .execute();
  return compileRules(rules);
}

function judge(
  row: Classifiable & { override_kind: IdentityKind | null; override_reason: string | null },
  rules: readonly CompiledRule[],
): { kind: IdentityKind; signal: string } {
  if (row.override_kind !== null) return { kind: row.override_kind, signal: `decided: ${row.override_reason ?? ''}` };
  return classify(row, rules);
}
