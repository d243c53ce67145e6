import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { families } from '@devpulse/pipeline/derive/families/families';
import { anyFact, forgeShapes } from '@devpulse/pipeline/testing/forge-facts';
import { forgeTables, readForge, readTouches } from '@devpulse/pipeline/testing/forge-rows';
import { createPipeline, type Pipeline } from '@devpulse/pipeline/testing/pipeline-bench';
import { loadMetrics } from '../runtime/load-extensions.ts';
import { type Verification, verifyWorkspace } from './verify-workspace.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: loadMetrics() });
});
afterAll(() => base.close());

// Several versions of everything, always the same; every table has rows.
const told: Fact[] = forgeShapes.flatMap((shape) =>
  fc.sample(fc.array(anyFact(shape), { minLength: 6, maxLength: 6 }), { numRuns: 1, seed: 20_261_126 }).flat(),
);

async function prepare(): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  await pipeline.send(told.map((fact, index) => ({ key: `${index}`, facts: [fact] })));
  await pipeline.drain();
  while ((await pipeline.roll()) > 0);
  return pipeline;
}

function verify({ store, metrics, pools, workspaceId }: Pipeline): Promise<Verification> {
  return verifyWorkspace({ store, metrics, pool: pools.fresh, workspaceId });
}

function change(pipeline: Pipeline, statement: ReturnType<typeof sql>): Promise<unknown> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, (trx) => statement.execute(trx));
}

describe('verifyWorkspace, of what forges tell', () => {
  it('finds no difference in a healthy store, however much is read anew, and writes nothing', async () => {
    const pipeline = await prepare();
    const [rows, touched] = [await readForge(pipeline), await readTouches(pipeline)];
    for (const table of forgeTables) expect(rows[table]?.length, table).toBeGreaterThan(0);
    expect((await verify(pipeline)).differences).toEqual([]);
    // Everything once more, as after an upgrade.
    await change(
      pipeline,
      sql`update raw_events set state = 'pending', attempts = 0, fence = fence + 1, run_after = now() where workspace_id = ${pipeline.workspaceId}`,
    );
    expect((await verify(pipeline)).differences).toEqual([]);
    await pipeline.drain();
    expect(await readTouches(pipeline)).toEqual(touched);
    // Where some bodies are gone, what is stored is the only witness of them.
    await change(
      pipeline,
      sql`update raw_events set body = null where workspace_id = ${pipeline.workspaceId} and item_key::integer % 2 = 0`,
    );
    expect((await verify(pipeline)).differences).toEqual([]);
  });

  it('finds a row that is missing, one that is changed and one too many, in every table', async () => {
    const pipeline = await prepare();
    for (const { table, list } of families) {
      await change(pipeline, sql`update ${sql.table(table)} set content_hash = 'another'`);
      if (list === null) continue;
      const [column = ''] = Object.keys(list.columns);
      await change(pipeline, sql`update ${sql.table(list.table)} set ${sql.id(column)} = 'another'`);
    }
    const changed = new Set((await verify(pipeline)).differences.map((one) => one.what));
    expect([...changed].toSorted()).toEqual([...forgeTables].toSorted());
    for (const table of forgeTables) await change(pipeline, sql`delete from ${sql.table(table)}`);
    const missing = await verify(pipeline);
    expect(new Set(missing.differences.map((one) => one.what))).toEqual(new Set(forgeTables));
    expect(missing.differences.every((one) => one.stored === null)).toBe(true);
    const other = await base.inNewWorkspace();
    await other.send(told.map((fact, index) => ({ key: `${index}`, facts: [fact] })));
    await other.drain();
    await change(other, sql`delete from raw_events where workspace_id = ${other.workspaceId}`);
    const tooMany = (await verify(other)).differences.filter((one) => forgeTables.includes(one.what));
    expect(new Set(tooMany.map((one) => one.what))).toEqual(new Set(forgeTables));
    expect(tooMany.every((one) => one.expected === null)).toBe(true);
  });
});
