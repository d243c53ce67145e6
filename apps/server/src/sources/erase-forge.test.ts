import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { newId } from '@devpulse/db/ids';
import { anyFact, forgeShapes } from '@devpulse/pipeline/testing/forge-facts';
import { forgeMetrics } from '@devpulse/pipeline/testing/forge-metrics';
import { readForge } from '@devpulse/pipeline/testing/forge-rows';
import { commitOf, reachOf } from '@devpulse/pipeline/testing/history';
import { readNumbers } from '@devpulse/pipeline/testing/numbers';
import { createPipeline, type Pipeline, type ToldEvent } from '@devpulse/pipeline/testing/pipeline-bench';
import { checkProperty, patienceFor } from '@devpulse/pipeline/testing/property';
import { commandLineActor } from '../audit/record-audit.ts';
import { verifyWorkspace } from '../verify/verify-workspace.ts';
import { eraseSources } from './erase-sources.ts';
import { orderErasure } from './order-erasure.ts';

const usualRuns = 6;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: forgeMetrics });
});
afterAll(() => base.close());

const never = new AbortController().signal;
const [erased, other] = ['forge/1', 'forge/2'];

/** Facts as a forge's connector would send them: what was asked for under the repository's key, several facts to an event. */
function asked(facts: readonly Fact[]): ToldEvent[] {
  return facts.map((fact, index) => {
    const repository = 'repository' in fact ? fact.repository : other;
    // Commits come in lists, without an event of their own.
    return { key: `${repository}#${fact.fact}#${index}`, facts: [fact, commitOf(1 + (index % 3))] };
  });
}

async function settle(pipeline: Pipeline): Promise<void> {
  await pipeline.drain();
  while ((await pipeline.roll()) > 0);
}

async function erase(pipeline: Pipeline): Promise<void> {
  const { store, workspaceId } = pipeline;
  const sourceId = newId();
  await store.inWorkspace(workspaceId, (trx) =>
    sql`insert into sources (workspace_id, id, connector, natural_key, name, settings)
        values (${workspaceId}, ${sourceId}, 'plain', ${erased}, 'a', '{}')`.execute(trx),
  );
  await orderErasure(store, workspaceId, { sourceId, name: 'a', actor: commandLineActor });
  for (let rounds = 0; rounds < 10; rounds += 1) {
    await store.inWorkspace(workspaceId, (trx) =>
      sql`update source_erasures set ordered_at = now() - interval '2 minutes' where workspace_id = ${workspaceId}`.execute(
        trx,
      ),
    );
    await eraseSources(store, never);
    await settle(pipeline);
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql`select 1 from source_erasures where workspace_id = ${workspaceId}`.execute(trx),
    );
    if (rows.length === 0) return;
  }
  throw new Error('the erasure did not end');
}

async function readEverything(pipeline: Pipeline): Promise<unknown> {
  const { days, commits, credits, reach } = await readNumbers(pipeline);
  return { ...(await readForge(pipeline)), days, commits, credits, reach };
}

describe('erasing a repository of a forge', () => {
  it(
    'leaves exactly what there would be if nothing had ever been told of it, whatever others share with it',
    async () => {
      const each = forgeShapes.map((shape) => fc.array(anyFact(shape), { maxLength: 2 }));
      const history = fc.tuple(...each).map((all) => all.flat());
      await checkProperty(
        fc.asyncProperty(history, async (facts) => {
          const events = [
            ...asked(facts),
            { key: `${erased}#reach`, facts: [reachOf(erased, [1, 2])] },
            { key: `${other}#reach`, facts: [reachOf(other, [2, 3])] },
          ];
          const [both, alone] = [await base.inNewWorkspace(), await base.inNewWorkspace()];
          await both.send(events);
          await alone.send(events.filter(({ key }) => !key.startsWith(`${erased}#`)));
          await settle(both);
          await settle(alone);
          await erase(both);
          expect(await readEverything(both)).toEqual(await readEverything(alone));
          const { store, metrics, pools, workspaceId } = both;
          expect((await verifyWorkspace({ store, metrics, pool: pools.fresh, workspaceId })).differences).toEqual([]);
        }),
        usualRuns,
      );
    },
    patienceFor(usualRuns),
  );

  it('finds events that the source sent by itself, and those that an import brought', async () => {
    const pipeline = await base.inNewWorkspace();
    const body = (id: number): string => JSON.stringify({ action: 'opened', repository: { id, full_name: 'a/b' } });
    await pipeline.send([
      { key: 'hook:app:1', kind: 'nothing', body: body(1) },
      { key: 'hook:app:2', kind: 'nothing', body: body(2) },
      { key: 'hook:app:3', kind: 'nothing', body: 'no JSON' },
      {
        key: 'restored#gone#1',
        kind: 'restored-facts',
        facts: [{ fact: 'gone', repository: erased, what: 'issue', id: '1' }],
      },
      {
        key: 'restored#gone#2',
        kind: 'restored-facts',
        facts: [{ fact: 'gone', repository: other, what: 'issue', id: '1' }],
      },
    ]);
    await settle(pipeline);
    await erase(pipeline);
    const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql<{ item_key: string }>`
        select item_key from raw_events where workspace_id = ${pipeline.workspaceId} order by item_key collate "C"`.execute(
        trx,
      ),
    );
    expect(rows.map((row) => row.item_key)).toEqual(['hook:app:2', 'hook:app:3', 'restored#gone#2']);
    expect((await readForge(pipeline))['fact_gone']).toHaveLength(1);
  });
});
