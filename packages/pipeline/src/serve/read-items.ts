import { type RawBuilder, sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { type Day, daysBetween } from '@devpulse/contract/day';
import type { ReceiptRecord } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { dayOf, itemsBetween, type LoadedCounted, partOf } from '../lens/items.ts';
import { linkToCommit } from './link-to-commit.ts';
import type { Resolved } from './resolve-question.ts';

/** The sum of a receipt: what was found is what counts plus what was left out, by reason. */
export interface ItemCounts {
  found: number;
  counted: number;
  leftOut: Map<string, number>;
  daysWithRecords: number;
  lastAt: Date | null;
  /** Of what counts, all that lies only in repositories that whoever asks is not told of. */
  withheld: number;
}

/** Counts the things a metric looked at in a window, the same way its days are computed. */
export async function countItems(
  trx: WorkspaceTransaction,
  metric: LoadedCounted,
  resolved: Resolved,
): Promise<ItemCounts> {
  const { rows } = await sql<CountRow>`
    with thing as (
      -- A thing counts when one of its rows does: a bot's commit with a person as co-author is that person's.
      select item, day, part, max(at) as at,
             case when bool_or(left_out is null) then null else min(left_out) end as reason,
             bool_or(left_out is null and ${isSeen(resolved)}) as is_seen
      from (${placedItems(metric, resolved)}) i group by item, day, part
    )
    select reason, count(*)::integer as things, max(at) as last_at, count(distinct day)::integer as days,
           (count(*) filter (where not is_seen))::integer as unseen
    from thing group by reason order by reason`.execute(trx);
  const counted = rows.find((row) => row.reason === null);
  return {
    found: rows.reduce((total, row) => total + row.things, 0),
    counted: counted?.things ?? 0,
    leftOut: new Map(rows.flatMap((row) => (row.reason === null ? [] : [[row.reason, row.things] as const]))),
    daysWithRecords: counted?.days ?? 0,
    lastAt: counted?.last_at ?? null,
    withheld: counted?.unseen ?? 0,
  };
}

interface CountRow {
  reason: string | null;
  things: number;
  last_at: Date | null;
  days: number;
  unseen: number;
}

/** True for items in repositories that may be named, and for those that are in none. */
function isSeen({ unseen }: Resolved): RawBuilder<boolean> {
  return unseen.size === 0
    ? sql<boolean>`true`
    : sql<boolean>`(resource_id is null or resource_id <> all(${[...unseen]}::uuid[]))`;
}

interface RecordRow {
  item: string;
  part: string;
  day: Day;
  at: Date;
  resource: string | null;
  url: string | null;
  value: number;
  subject: string | null;
}

const newestFirst = sql`date_trunc('milliseconds', at) desc, item collate "C" desc, part collate "C" desc`;

/** One page of the records that make up a number, newest first. */
export async function readRecords(
  trx: WorkspaceTransaction,
  metric: LoadedCounted,
  resolved: Resolved,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ records: ReceiptRecord[]; nextCursor: string | null }> {
  const after = parseCursor(page.cursor);
  const { rows } = await sql<RecordRow>`
    with thing as (
      select item, part, day, max(at) as at, max(amount) as value, min(resource_id::text)::uuid as resource_id
      from (${placedItems(metric, resolved)}) i where left_out is null and ${isSeen(resolved)} group by item, part, day
    ), page as (
      -- What is shown beside a record is looked up for these few alone.
      select * from thing
      where ${after === null ? sql`true` : sql`(date_trunc('milliseconds', at), item collate "C", part collate "C") < (${after.at}::timestamptz, ${after.item}, ${after.part})`}
      order by ${newestFirst} limit ${page.limit + 1}
    )
    select t.item, t.part, t.day, t.at, t.value::double precision as value, f.name as resource, f.url, c.subject
    from page t
    left join fact_repositories f on f.workspace_id = ${ownWorkspace} and f.id = t.resource_id
    left join fact_commits c on c.workspace_id = ${ownWorkspace} and c.sha = split_part(t.item, ':', 1)
    order by ${newestFirst}`.execute(trx);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    records: shown.map(toRecord),
    nextCursor: rows.length > page.limit && last !== undefined ? toCursor(last) : null,
  };
}

// Of a day and a person asked together the planner expects a single row, and for that it walks through all history. Of few days
// everything is read first and sorted out afterwards.
const narrowDays = 31;

function placedItems(metric: LoadedCounted, resolved: Resolved): RawBuilder<unknown> {
  const zone = sql`${resolved.subject.zone}::text`;
  const whose = resolved.subject.kind === 'person' ? sql`i.person_id = ${resolved.subject.id}::uuid` : sql`true`;
  const where = resolved.resource === null ? sql`true` : sql`i.resource_id = ${resolved.resource}::uuid`;
  const part = partOf(metric, zone);
  const which = resolved.part === null ? sql`true` : sql`${part} = ${resolved.part}`;
  const isNarrow = daysBetween(resolved.from, resolved.to) <= narrowDays;
  return sql`
    with every as ${isNarrow ? sql`materialized` : sql`not materialized`} (
      select * from ${itemsBetween(metric, resolved.from, resolved.to)} i
    )
    select i.item, i.at, i.resource_id, i.amount, i.left_out, ${dayOf(sql`i.at`, zone)} as day, ${part} as part
    from every i
    where ${dayOf(sql`i.at`, zone)} between ${resolved.from}::date and ${resolved.to}::date and ${whose} and ${where} and ${which}`;
}

function toRecord(row: RecordRow): ReceiptRecord {
  const [sha = row.item, ...path] = row.item.split(':');
  const label = [path.join(':'), row.subject].filter((text) => text !== null && text !== '').join(' · ');
  return {
    item: row.item,
    label: label === '' ? row.item : label,
    at: row.at.toISOString(),
    day: row.day,
    resource: row.resource,
    value: row.value,
    part: row.part,
    url: linkToCommit(row.url, sha),
  };
}

interface Cursor {
  at: string;
  item: string;
  part: string;
}

function toCursor(row: RecordRow): string {
  return Buffer.from(JSON.stringify([row.at.toISOString(), row.item, row.part])).toString('base64url');
}

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function parseCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const [at, item, part, ...more] = readList(text);
  const isOurs = more.length === 0 && isInstant(at) && isStorable(item) && isStorable(part);
  if (isOurs) return { at, item, part };
  throw new AppError('invalid_request', 'this cursor is not one of ours', {
    problems: [{ path: 'cursor', message: 'use `nextCursor`' }],
  });
}

function readList(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // No cursor of ours, like any other text: the caller says so.
    return [];
  }
}

// Whatever the store would choke on was not made by us.
function isInstant(value: unknown): value is string {
  return typeof value === 'string' && instantForm.test(value) && value > '0001' && !Number.isNaN(Date.parse(value));
}

function isStorable(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000');
}
