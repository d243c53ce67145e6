import { type RawBuilder, sql } from 'kysely';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Family, Kept, List } from '@devpulse/pipeline/derive/families/define-family';
import { families } from '@devpulse/pipeline/derive/families/families';

/** An instant as the facts have it; a column of its own would have microseconds. */
export const tellInstant = (column: string): RawBuilder<unknown> =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Who an identity is, in the words of a source. */
export const tellWho = (alias: string): RawBuilder<unknown> => sql`json_strip_nulls(json_build_object(
  'externalId', case when ${sql.ref(`${alias}.external_key`)} like 'id:%' then substr(${sql.ref(`${alias}.external_key`)}, 4) end,
  'email', ${sql.ref(`${alias}.email`)}, 'login', ${sql.ref(`${alias}.login`)}, 'name', ${sql.ref(`${alias}.name`)},
  'sourceKind', ${sql.ref(`${alias}.source_kind`)}))`;

/** The facts of forges, each as an event that can be taken in again: `source`, `key` and `facts`. */
export function familyQueries(): RawBuilder<unknown>[] {
  return [accounts, ...families.map(queryOf)];
}

// What is shown of a permanent account was told at instants of its own, which no fact that names it has.
const accounts = sql`
  select i.source, 'restored#account#' || md5(i.external_key) as key, (
    select json_agg(json_build_object('fact', 'account', 'observedAt', told.at, 'account', told.account)) from (
      select ${tellInstant('i.first_seen_at')} as at, json_strip_nulls(json_build_object(
        'externalId', substr(i.external_key, 4), 'email', i.email, 'sourceKind', i.source_kind)) as account
      union all
      select ${tellInstant('i.last_seen_at')}, json_build_object('externalId', substr(i.external_key, 4))
      union all
      select ${tellInstant('i.login_at')}, json_build_object('externalId', substr(i.external_key, 4), 'login', i.login)
      where i.login_at > 'epoch'
      union all
      select ${tellInstant('i.named_at')}, json_build_object('externalId', substr(i.external_key, 4), 'name', i.name)
      where i.named_at > 'epoch'
    ) told) as facts
  from fact_identities i where i.workspace_id = ${ownWorkspace} and i.external_key like 'id:%'
  order by i.source collate "C", i.external_key collate "C"`;

function queryOf(family: Family): RawBuilder<unknown> {
  const fields = family.columns.flatMap(({ field, name, kept }) => [sql.lit(field), tell(name, kept)]);
  const listed = family.list === null ? [] : [sql.lit(family.list.field), tellList(family, family.list)];
  const keys = family.columns.filter(({ name }) => family.key.includes(name));
  const lines = sql`
    select f.source, ${sql.lit(`restored#${family.fact}#`)} || md5(concat_ws(' ', ${sql.join(
      keys.map(({ field }) => sql`(f.fact -> ${sql.lit(field)})::text`),
    )})) || '#' || left(f.content_hash, 12) as key, json_build_array(f.fact) as facts
    from (
      select r.source, t.content_hash,
        json_build_object('fact', ${sql.lit(family.fact)}, ${sql.join([...fields, ...listed])}) as fact
      from ${sql.table(family.table)} t
      join fact_repositories r on r.workspace_id = t.workspace_id and r.id = t.repository_id
      where t.workspace_id = ${ownWorkspace}
    ) f`;
  return sql`select * from (${lines}) line order by line.source collate "C", line.key collate "C"`;
}

function tell(name: string, kept: Kept): RawBuilder<unknown> {
  const column = sql.ref(`t.${name}`);
  switch (kept.as) {
    case 'repository':
      return sql.ref('r.external_key');
    case 'who':
      return tellNamed(column);
    case 'instant':
      return tellInstant(`t.${name}`);
    case 'day':
      return sql`${column}::text`;
    case 'texts':
      return sql`to_json(${column})`;
    default:
      return column;
  }
}

/** A permanent account is named by its number alone: its login and name are told as facts of their own. */
function tellNamed(id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select case when i.external_key like 'id:%' then json_build_object('externalId', substr(i.external_key, 4)) else ${tellWho('i')} end
    from fact_identities i where i.workspace_id = t.workspace_id and i.id = ${id})`;
}

const items: Record<string, RawBuilder<unknown>> = {
  fact_pull_commits: sql`to_json(l.sha)`,
  fact_pull_files: sql`json_build_object('path', l.path, 'previousPath', l.previous_path, 'additions', l.additions,
    'deletions', l.deletions, 'isBinary', l.left_out is not distinct from 'binary',
    'isSubmodule', l.left_out is not distinct from 'submodule')`,
  fact_timeline_moments: sql`json_build_object('kind', l.kind, 'at', ${tellInstant('l.at')}, 'actor', ${tellNamed(sql.ref('l.actor_id'))},
    'subject', l.subject)`,
};

function tellList(family: Family, list: List): RawBuilder<unknown> {
  const item = items[list.table];
  if (item === undefined) throw new Error(`nothing tells the items of ${list.table}`);
  const same = family.key.map((name) => sql`${sql.ref(`l.${name}`)} = ${sql.ref(`t.${name}`)}`);
  return sql`coalesce((
    select json_agg(${item} order by l.place) from ${sql.table(list.table)} l
    where l.workspace_id = t.workspace_id and ${sql.join(same, sql` and `)}), '[]'::json)`;
}
