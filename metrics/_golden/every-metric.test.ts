import { existsSync, globSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CountedMetric, DerivedMetric, Metric } from '@devpulse/contract/metric';
import { makeInput } from './derived-input.ts';
import { writeGoldenFacts } from './facts.ts';
import { type GoldenStore, openGoldenStore, readItemsQuery } from './golden-store.ts';

const folder = new URL('../', import.meta.url);
const names = globSync('*/metric.ts', { cwd: folder }).map((file) => file.replace(/[\\/]metric\.ts$/, ''));
const loaded = await Promise.all(
  names.toSorted().map(async (name) => {
    const module = (await import(new URL(`${name}/metric.ts`, folder).href)) as { metric: Metric };
    return { name, metric: module.metric };
  }),
);
const byName = new Map(loaded.map(({ name, metric }) => [name, metric]));
const counted = loaded
  .map(({ metric }) => metric)
  .filter((metric): metric is CountedMetric => metric.kind !== 'derived');
const derived = loaded
  .map(({ metric }) => metric)
  .filter((metric): metric is DerivedMetric => metric.kind === 'derived');

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('every metric', () => {
  it('is found', () => {
    expect(counted.length).toBeGreaterThanOrEqual(8);
    expect(derived.length).toBeGreaterThanOrEqual(15);
  });

  it.each(loaded)('$name is named after its folder and explains itself', ({ name, metric }) => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(metric.id).toBe(name);
    expect(metric.definition.length).toBeGreaterThan(80);
    expect(metric.definition).toMatch(/\.$/);
    expect(metric.subjects.length).toBeGreaterThan(0);
    expect(metric.version).toBeGreaterThanOrEqual(1);
    expect(existsSync(new URL(`${name}/metric.sql`, folder))).toBe(metric.kind !== 'derived');
    expect(existsSync(new URL(`${name}/metric.test.ts`, folder))).toBe(true);
  });
});

describe.each(derived)('derived metric $id', (metric) => {
  it('needs counted metrics that its subjects have', () => {
    for (const need of Object.values(metric.needs)) {
      const source = byName.get(need.metric);
      expect(source?.kind, need.metric).not.toBe('derived');
      expect(source?.subjects, need.metric).toEqual(expect.arrayContaining([...metric.subjects]));
    }
  });

  it('says why it has no value, or says 0, when nothing was ever counted', () => {
    const cells = Object.fromEntries(Object.keys(metric.needs).map((name) => [name, []]));
    const value = metric.derive(makeInput({ cells, to: '2026-03-31' }));
    expect(value.evidence).toEqual([]);
    expect([0, null]).toContain(value.value);
    expect((value.reason ?? '') !== '').toBe(value.value === null);
  });

  it('refuses to take an unanswered need for an empty one', () => {
    expect(() => metric.derive(makeInput({ cells: {}, to: '2026-03-31' }))).toThrow('not answered');
  });
});

describe.each(counted)('items query of $id', (metric) => {
  it('is one plain select', async () => {
    const query = await readItemsQuery(metric.id);
    expect(query.trim()).toMatch(/^select\b/);
    expect(query).not.toMatch(/;|\$\d|current_setting|::date|date_trunc|at time zone/i);
    // The engine puts it in brackets: a comment without an end of line would swallow the closing one.
    expect(query).toMatch(/\n$/);
  });

  it('gives the columns of the contract in their types', async () => {
    const query = await readItemsQuery(metric.id);
    const types = await golden.store.inWorkspace(golden.workspaceId, async (trx) => {
      const columns = ['workspace_id', 'person_id', 'at', 'resource_id', 'item', 'part', 'amount', 'base', 'left_out'];
      const list = sql.join(columns.map((column) => sql`pg_typeof(${sql.ref(column)})::text as ${sql.ref(column)}`));
      return (await sql`select ${list} from (${sql.raw(query)}) item limit 1`.execute(trx)).rows[0];
    });
    expect(types).toEqual({
      workspace_id: 'uuid',
      person_id: 'uuid',
      at: 'timestamp with time zone',
      resource_id: 'uuid',
      item: 'text',
      part: 'text',
      amount: 'double precision',
      base: 'double precision',
      left_out: 'text',
    });
  });

  it('leaves out for reasons that the manifest puts into words, and credits people only', async () => {
    const rows = await golden.itemsOf(metric.id);
    expect(rows.length).toBeGreaterThan(0);
    const reasons = [...new Set(rows.map(({ left_out }) => left_out).filter((reason) => reason !== null))];
    expect(Object.keys(metric.leftOut)).toEqual(expect.arrayContaining(reasons));
    expect(rows.filter((row) => row.left_out === null && row.person_id === null)).toEqual([]);
    expect(rows.filter((row) => row.item === '' || (metric.parts !== 'query' && row.part !== ''))).toEqual([]);
    expect(rows.filter((row) => row.base < 0 || (metric.kind !== 'ratio' && row.base !== 1))).toEqual([]);
  });

  it('sees its own workspace only', async () => {
    const before = await golden.itemsOf(metric.id);
    const other = await golden.addWorkspace();
    await golden.store.inWorkspace(other.workspaceId, (trx) => writeGoldenFacts(trx, other.workspaceId));
    expect(await golden.itemsOf(metric.id)).toEqual(before);
  });

  it('forgets what can no longer be reached', async () => {
    const items = (await golden.itemsOf(metric.id)).map(({ item }) => item);
    expect(items.filter((item) => item.startsWith('rewritten-away'))).toEqual([]);
  });

  it('lets a range of instants reach the commits, so that a day’s work reads a day’s facts', async () => {
    const query = await readItemsQuery(metric.id);
    const plan = await golden.store.inWorkspace(golden.workspaceId, async (trx) => {
      const asked = sql<Record<'QUERY PLAN', unknown>>`explain (format json) select * from (${sql.raw(query)}) item
        where at >= ${'2026-03-01Z'}::timestamptz and at < ${'2026-03-02Z'}::timestamptz`;
      return (await asked.execute(trx)).rows[0]?.['QUERY PLAN'];
    });
    const scans = listScans(plan).filter((scan) => scan['Relation Name'] === 'fact_commits');
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.map((scan) => `${String(scan['Index Cond'])} ${String(scan['Filter'])}`)).toEqual(
      scans.map(() => expect.stringContaining('authored_at >= ')),
    );
  });
});

/** Every node of a plan that reads a table. */
function listScans(plan: unknown): Record<string, unknown>[] {
  if (Array.isArray(plan)) return plan.flatMap(listScans);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Record<string, unknown>;
  return [...('Relation Name' in node ? [node] : []), ...Object.values(node).flatMap(listScans)];
}
