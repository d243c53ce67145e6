import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { applyFacts } from '@devpulse/pipeline/derive/apply-facts';
import { families } from '@devpulse/pipeline/derive/families/families';
import type { ParseOutcome } from '@devpulse/pipeline/derive/fact-rows';
import type { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { ParseStopped } from '@devpulse/pipeline/derive/parse-thread';
import { mergeStored } from './merge-stored.ts';
import type { Difference } from './verify-rollups.ts';

interface Shadow {
  table: string;
  key: readonly string[];
  /** Columns that are not made of raw events alone. */
  ignored: string[];
  /** The table of whose rows these are details, and its key. */
  partOf?: { table: string; key: readonly string[] };
}

const commits = { table: 'fact_commits', key: ['sha'] };

// Kinds are made of rules, not of events; what classifies them is tested by itself. Credits and files are parts of a commit:
// where the commit is compared, so is the absence of one of them.
const shadows: Shadow[] = [
  { table: 'fact_identities', key: ['id'], ignored: ['kind', 'kind_signal', 'erased_at'] },
  { table: 'fact_repositories', key: ['id'], ignored: [] },
  { table: 'fact_commits', key: ['sha'], ignored: [] },
  { table: 'fact_commit_credits', key: ['sha', 'identity_id'], ignored: [], partOf: commits },
  { table: 'fact_commit_files', key: ['sha', 'path'], ignored: [], partOf: commits },
  { table: 'fact_commit_reach', key: ['sha', 'repository_id'], ignored: [] },
  ...families.flatMap(({ table, key, list }) => [
    { table, key, ignored: [] },
    ...(list === null ? [] : [{ table: list.table, key: [...key, 'place'], ignored: [], partOf: { table, key } }]),
  ]),
];

const eventsPerRound = 500;

/**
 * Reads all raw events anew into temporary tables that hide the real ones, through the very code that wrote the facts, and
 * compares. Where bodies were removed by retention, or events wait to be read once more, facts rest on more than can be read
 * now: what is stored is then let win wherever its own rule says so, and only what can be read again is compared.
 */
export async function verifyFacts(
  trx: WorkspaceTransaction,
  workspaceId: string,
  pool: ParsePool,
): Promise<{ events: number; stripped: number; differences: Difference[] }> {
  // A replay raises the fence and not the attempts: such an event was read before, and its facts are there.
  const counts = await sql<{ stripped: number; replayed: number }>`
    select count(*) filter (where state = 'done' and body is null)::integer as stripped,
           count(*) filter (where state in ('pending', 'leased') and fence > attempts)::integer as replayed
    from raw_events where workspace_id = ${ownWorkspace}`.execute(trx);
  await sql`select set_config('app.facts_lock', 'verification', true)`.execute(trx);
  // Temporary tables come before the schema's own in every look-up of this session.
  for (const { table } of [...shadows, { table: 'rollup_stale' }]) {
    await sql`create temp table ${sql.id(table)} (like public.${sql.id(table)} including defaults including indexes) on commit drop`.execute(
      trx,
    );
  }
  const { events, faults, isCutShort } = await readAgain(trx, workspaceId, pool);
  const stripped = counts.rows[0]?.stripped ?? 0;
  const isPartial = stripped > 0 || (counts.rows[0]?.replayed ?? 0) > 0;
  // What was not read cannot be compared, and would only hide why.
  if (isCutShort) return { events, stripped, differences: faults };
  if (isPartial) await mergeStored(trx, workspaceId);
  const differences: Difference[] = [...faults];
  for (const shadow of shadows) differences.push(...(await compareTable(trx, shadow, isPartial)));
  return { events, stripped, differences };
}

interface RawRow {
  id: string;
  source: string;
  key: string;
  kind: string;
  body: Buffer;
  encoding: string;
}

interface ReadAgain {
  events: number;
  /** Events that were read once and cannot be read now. */
  faults: Difference[];
  isCutShort: boolean;
}

/** Each of them costs seconds; so many mean that a connector broke, and naming more would tell nobody more. */
const stoppedMax = 20;

async function readAgain(trx: WorkspaceTransaction, workspaceId: string, pool: ParsePool): Promise<ReadAgain> {
  let events = 0;
  const faults: Difference[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<RawRow>`
      select id, source, item_key as key, kind, body, body_encoding as encoding from raw_events
      where workspace_id = ${ownWorkspace} and state = 'done' and body is not null and id > ${after}::uuid order by id limit ${eventsPerRound}`.execute(
      trx,
    );
    if (rows.length === 0) return { events, faults, isCutShort: false };
    after = rows.at(-1)?.id ?? after;
    events += rows.length;
    const raw = rows.map(({ source, key, kind, body, encoding }) => ({
      source,
      key,
      kind,
      body: encoding === 'gzip' ? gunzipSync(body) : body,
    }));
    try {
      const batch = await pool.parseAround(workspaceId, raw, stoppedMax);
      faults.push(...batch.outcomes.flatMap((outcome, index) => tellFailure(outcome, rows[index])));
      await applyFacts(trx, workspaceId, batch, 'leave');
    } catch (error) {
      if (!(error instanceof ParseStopped)) throw error;
      const at = error.index === null ? rows[0] : rows[error.index];
      faults.push(...tellFailure({ failed: error.reason, detail: `${error.message}; reading ended here` }, at));
      return { events, faults, isCutShort: true };
    }
  }
}

function tellFailure(outcome: ParseOutcome, row: RawRow | undefined): Difference[] {
  if (!('failed' in outcome) || row === undefined) return [];
  const detail = outcome.detail.split('\n')[0] ?? '';
  return [
    { what: 'raw_events', where: `${row.source} ${row.key}`, stored: 'read', expected: `${outcome.failed}: ${detail}` },
  ];
}

async function compareTable(trx: WorkspaceTransaction, shadow: Shadow, isPartial: boolean): Promise<Difference[]> {
  const table = sql.id(shadow.table);
  const join = sql.join(
    shadow.key.map((column) => sql`e.${sql.id(column)} = s.${sql.id(column)}`),
    sql` and `,
  );
  const bare = (alias: string) => sql`(to_jsonb(${sql.id(alias)}.*) - ${shadow.ignored}::text[])`;
  // Of facts whose events lost their bodies there is nothing to compare with.
  const which = isPartial ? sql`(e.workspace_id is not null or ${isPartOfKnown(shadow)}) and` : sql``;
  const { rows } = await sql<{ key: string; stored: string | null; expected: string | null }>`
    select coalesce(${keyText('e', shadow)}, ${keyText('s', shadow)}) as key, ${bare('s')}::text as stored, ${bare('e')}::text as expected
    from pg_temp.${table} e
    full join (select * from public.${table} where workspace_id = ${ownWorkspace}) s on s.workspace_id = e.workspace_id and ${join}
    where ${which} ${isErased(shadow)} ${bare('s')} is distinct from ${bare('e')} limit 1000`.execute(trx);
  return rows.map((row) => ({ what: shadow.table, where: row.key, stored: row.stored, expected: row.expected }));
}

function isPartOfKnown(shadow: Shadow): ReturnType<typeof sql> {
  if (shadow.partOf === undefined) return sql`false`;
  const columns = (alias: string) => sql.join(shadow.partOf?.key.map((name) => sql.ref(`${alias}.${name}`)) ?? []);
  return sql`(${columns('s')}) in (select ${columns('k')} from pg_temp.${sql.id(shadow.partOf.table)} k)`;
}

/** Of an author who was erased only the id is left, and that is meant to be so. */
function isErased(shadow: Shadow): ReturnType<typeof sql> {
  return shadow.table === 'fact_identities' ? sql`s.erased_at is null and` : sql``;
}

function keyText(alias: string, shadow: Shadow): ReturnType<typeof sql> {
  return sql.join(
    shadow.key.map((column) => sql`${sql.id(alias)}.${sql.id(column)}::text`),
    sql` || ' ' || `,
  );
}
