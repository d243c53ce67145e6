import { sql } from 'kysely';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { dayOf, isCounted, itemsBetween, itemsOfUnknown, type LoadedCounted, unreadCommits } from '../lens/items.ts';
import type { Question, Resolved } from './resolve-question.ts';

// More of them than this are found sooner by reading everything than one by one.
const fewCommits = 200;

/** How many things in the window have an amount that nobody knows; of several metrics the largest number. */
export async function countUnknown(trx: WorkspaceTransaction, question: Question, resolved: Resolved): Promise<number> {
  const asked = countedBehind(question.metrics, resolved.metric).filter(
    (metric) => unknownReasonsOf(metric).length > 0,
  );
  if (asked.length === 0) return 0;
  const { rows } = await sql<{ commits: number }>`
    select count(*)::integer as commits
    from (select from ${unreadCommits(resolved.from, resolved.to)} c limit ${fewCommits + 1}) first`.execute(trx);
  const commits = rows[0]?.commits ?? 0;
  if (commits === 0) return 0;
  let count = 0;
  for (const metric of asked) {
    count = Math.max(count, await countOf(trx, { metric, resolved, isRare: commits <= fewCommits }));
  }
  return count;
}

async function countOf(
  trx: WorkspaceTransaction,
  { metric, resolved, isRare }: { metric: LoadedCounted; resolved: Resolved; isRare: boolean },
): Promise<number> {
  const { from, to, subject, resource } = resolved;
  const { rows } = await sql<{ unknown: number }>`
    select count(distinct item)::integer as unknown from ${(isRare ? itemsOfUnknown : itemsBetween)(metric, from, to)} i
    where left_out = any(${unknownReasonsOf(metric)}::text[])
      and ${dayOf(sql`at`, sql`${subject.zone}::text`)} between ${from}::date and ${to}::date
      and ${subject.kind === 'person' ? sql`person_id = ${subject.id}::uuid` : sql`true`}
      and ${resource === null ? sql`true` : sql`resource_id = ${resource}::uuid`}`.execute(trx);
  return rows[0]?.unknown ?? 0;
}

/** The keys under which items queries report things that exist and whose amount nobody knows: `unknown`, `unknown_files` … */
function unknownReasonsOf(metric: LoadedCounted): string[] {
  return Object.keys(metric.leftOut).filter((reason) => /^unknown(_|$)/.test(reason));
}

/** The counted metrics a metric rests on: itself, or those it is derived from. */
export function countedBehind(metrics: ReadonlyMap<string, LoadedMetric>, metric: LoadedMetric): LoadedCounted[] {
  if (isCounted(metric)) return [metric];
  const ids = new Set(Object.values(metric.needs).map((need) => need.metric));
  return [...ids].flatMap((id) => {
    const needed = metrics.get(id);
    return needed !== undefined && isCounted(needed) ? [needed] : [];
  });
}
