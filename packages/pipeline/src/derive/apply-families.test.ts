import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import type { Store } from '@devpulse/db/open-store';
import { anyVersions, forgeShapes, nameOf } from '../testing/forge-facts.ts';
import { forgeTables, readForge, readTouches } from '../testing/forge-rows.ts';
import { interleave } from '../testing/interleave.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { applyFacts } from './apply-facts.ts';
import { storeTypes } from './families/define-family.ts';
import { families } from './families/families.ts';
import { packRows } from './pack-rows.ts';
import { FactShaper } from './shape-facts.ts';

const usualRuns = 4;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

/** Writes facts batch by batch, each in a transaction of its own. */
async function apply(store: Store, workspaceId: string, batches: readonly (readonly Fact[])[]): Promise<void> {
  for (const facts of batches) {
    const shaper = new FactShaper();
    shaper.add({ workspaceId, source: 'plain' }, facts);
    await store.inWorkspace(workspaceId, (trx) => applyFacts(trx, workspaceId, { outcomes: [], ...packRows(shaper) }));
  }
}

async function told(batches: readonly (readonly Fact[])[]): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace();
  await apply(pipeline.store, pipeline.workspaceId, batches);
  return pipeline;
}

/** The facts in another order, some twice, cut into batches. */
function arrange(facts: readonly Fact[]): fc.Arbitrary<Fact[][]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...facts], { minLength: facts.length }),
      fc.subarray([...facts]),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
    )
    .map(([shuffled, again, sizes]) => {
      const all = [...shuffled, ...again];
      const batches: Fact[][] = [];
      for (let turn = 0; all.length > 0; turn += 1) batches.push(all.splice(0, sizes[turn % sizes.length] ?? 1));
      return batches;
    });
}

describe('a family of facts', () => {
  it.each(forgeShapes.map((shape) => [nameOf(shape), shape] as const))(
    '%s: any order, repetition and cut into batches gives the same rows, and telling it all again writes nothing',
    async (_name, shape) => {
      const cases = anyVersions(shape, { minLength: 4, maxLength: 9 }).chain((facts) =>
        fc.tuple(fc.constant(facts), arrange(facts), arrange(facts)),
      );
      await checkProperty(
        fc.asyncProperty(cases, async ([facts, one, other]) => {
          const whole = await told([facts]);
          const expected = await readForge(whole);
          expect(await readForge(await told(one))).toEqual(expected);
          expect(await readForge(await told(other))).toEqual(expected);
          const touched = await readTouches(whole);
          await apply(whole.store, whole.workspaceId, [...one, facts]);
          expect(await readTouches(whole)).toEqual(touched);
        }),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );

  it(
    'all of them together, by two writers at once in any order of their statements, give the same rows',
    async () => {
      const some = fc.tuple(...forgeShapes.map((shape) => anyVersions(shape, { minLength: 0, maxLength: 2 })));
      const cases = some
        .map((each) => each.flat())
        .chain((facts) => fc.tuple(fc.constant(facts), arrange(facts), arrange(facts), fc.infiniteStream(fc.nat(1))));
      await checkProperty(
        fc.asyncProperty(cases, async ([facts, one, other, turns]) => {
          const expected = await readForge(await told([facts]));
          const pipeline = await base.inNewWorkspace();
          const actors = [one, other].map((batches, index) => ({
            name: `writer ${index}`,
            run: (store: Store) => apply(store, pipeline.workspaceId, batches.slice(0, 3)),
          }));
          await interleave(
            pipeline.store,
            actors,
            (waiting) => waiting[(turns.next().value ?? 0) % waiting.length] ?? '',
          );
          await apply(pipeline.store, pipeline.workspaceId, [...one, ...other].slice(3));
          await apply(pipeline.store, pipeline.workspaceId, [facts]);
          expect(await readForge(pipeline)).toEqual(expected);
        }),
        4,
      );
    },
    patienceFor(4),
  );

  it('is declared once for every fact of a forge but accounts, each with a table of its own', () => {
    expect(families.map((family) => family.fact).toSorted()).toEqual(
      forgeShapes
        .map(nameOf)
        .filter((name) => name !== 'account')
        .toSorted(),
    );
    expect(new Set(forgeTables).size).toBe(forgeTables.length);
  });

  it('declares every column of its table, and its key', async () => {
    const { rows } = await sql<{ name: string; columns: string[]; key: string[] }>`
      select c.relname as name,
        array(select a.attname::text || ' ' || format_type(a.atttypid, null) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname <> 'workspace_id') as columns,
        array(select a.attname::text from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
              where i.indrelid = c.oid and i.indisprimary order by k.place) as key
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any(${[...forgeTables]}::text[])`.execute(
      base.store.app,
    );
    const stored = new Map(rows.map((row) => [row.name, row]));
    const spelled = (type: string): string => type.replace('timestamptz', 'timestamp with time zone');
    for (const family of families) {
      const { table, key, list, columns } = family;
      const counted = list === null ? [] : [`${list.counted} integer`];
      const own = columns.map(({ name, kept }) => `${name} ${spelled(storeTypes[kept.as])}`);
      expect(stored.get(table)?.columns.toSorted(), table).toEqual(
        [...own, ...counted, 'content_hash text'].toSorted(),
      );
      expect(stored.get(table)?.key, table).toEqual(['workspace_id', ...key]);
      if (list === null) continue;
      const keys = columns
        .filter(({ name }) => key.includes(name))
        .map(({ name, kept }) => `${name} ${storeTypes[kept.as]}`);
      const items = Object.entries(list.columns).map(([name, type]) => `${name} ${spelled(type)}`);
      expect(stored.get(list.table)?.columns.toSorted(), list.table).toEqual(
        [...keys, ...items, 'place integer'].toSorted(),
      );
      expect(stored.get(list.table)?.key, list.table).toEqual(['workspace_id', ...key, 'place']);
    }
  });
});
