import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { ItemRow } from '@devpulse/contract/metric';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { writeGoldenFacts } from './facts.ts';

/** A store with the golden facts in it, and a way to ask a metric's items query of them. */
export interface GoldenStore extends TestStore {
  itemsOf(metric: string, within?: { from: string; to: string }): Promise<(ItemRow & { workspace_id: string })[]>;
}

/** Makes a store of its own with the golden facts; days are cut in UTC unless said. */
export async function openGoldenStore(settings: { zone?: string } = {}): Promise<GoldenStore> {
  const test = await createTestStore(settings);
  await test.store.inWorkspace(test.workspaceId, (trx) => writeGoldenFacts(trx, test.workspaceId));
  return {
    ...test,
    async itemsOf(metric, within = { from: '2026-01-01', to: '2026-12-31' }) {
      const query = await readItemsQuery(metric);
      const asked = sql<ItemRow & { workspace_id: string }>`
        select * from (${sql.raw(query)}) item
        where at >= ${within.from}::timestamptz and at < ${within.to}::timestamptz
        order by at, item, part, amount, person_id nulls last, left_out nulls first, resource_id`;
      return test.store.inWorkspace(test.workspaceId, async (trx) => (await asked.execute(trx)).rows);
    },
  };
}

/** The text of a metric's items query. */
export async function readItemsQuery(metric: string): Promise<string> {
  return readFile(new URL(`../${metric}/metric.sql`, import.meta.url), 'utf8');
}

/** What counts of these items, added up by the name given to each, as the engine would: an item counts once. */
export function addUpOnce(rows: readonly ItemRow[], nameOf: (row: ItemRow) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  const seen = new Set<string>();
  for (const row of rows.filter(({ left_out }) => left_out === null)) {
    const key = JSON.stringify([nameOf(row), row.item]);
    if (seen.has(key)) continue;
    seen.add(key);
    sums[nameOf(row)] = (sums[nameOf(row)] ?? 0) + row.amount;
  }
  return sums;
}

/** The items that no row counts, with their reasons. */
export function listLeftOut(rows: readonly ItemRow[]): Record<string, string> {
  const counted = new Set(rows.filter(({ left_out }) => left_out === null).map(({ item }) => item));
  const reasons = rows.filter(({ item }) => !counted.has(item)).map(({ item, left_out }) => [item, left_out] as const);
  return Object.fromEntries(reasons.map(([item, reason]) => [item, reason ?? '']));
}
