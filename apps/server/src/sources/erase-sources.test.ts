import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { commitOf, reachOf, repositoryOf } from '@devpulse/pipeline/testing/history';
import { readNumbers } from '@devpulse/pipeline/testing/numbers';
import { createPipeline, type Pipeline, type ToldEvent } from '@devpulse/pipeline/testing/pipeline-bench';
import { checkProperty, patienceFor } from '@devpulse/pipeline/testing/property';
import { commandLineActor } from '../audit/record-audit.ts';
import { loadMetrics } from '../runtime/load-extensions.ts';
import { verifyWorkspace } from '../verify/verify-workspace.ts';
import { addSource } from './add-source.ts';
import { eraseSources } from './erase-sources.ts';
import { orderErasure } from './order-erasure.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: loadMetrics() });
});
afterAll(() => base.close());

const never = new AbortController().signal;

/** What a look at a repository sends, under the keys that the git connector gives. */
function look(repository: 'a' | 'b', numbers: readonly number[], cut: readonly number[] = []): ToldEvent[] {
  return [
    { key: `${repository}#repository#1`, facts: [repositoryOf(repository)] },
    ...numbers.map((number) => {
      const commit = commitOf(number, cut.includes(number));
      return { key: `${repository}#commit#${commit.sha}${cut.includes(number) ? '#shallow' : ''}`, facts: [commit] };
    }),
    { key: `${repository}#reach#1`, facts: [reachOf(repository, [...numbers])] },
    { key: `${repository}#reach-baseline#1`, facts: [{ fact: 'reach-baseline' as const, repository, snapshot: 1 }] },
  ];
}

async function settle(pipeline: Pipeline): Promise<void> {
  await pipeline.drain();
  while ((await pipeline.roll()) > 0);
}

async function order(pipeline: Pipeline, name = 'a'): Promise<string> {
  const { store, workspaceId } = pipeline;
  const sourceId = newId();
  await store.inWorkspace(workspaceId, (trx) =>
    sql`insert into sources (workspace_id, id, connector, natural_key, name, settings)
        values (${workspaceId}, ${sourceId}, 'plain', 'a', 'a', '{}')`.execute(trx),
  );
  return orderErasure(store, workspaceId, { sourceId, name, actor: commandLineActor });
}

/** Runs the job until nothing is left to do, as its schedule would; the minute for late readers has passed. */
async function erase(pipeline: Pipeline): Promise<void> {
  const { store, workspaceId } = pipeline;
  for (let rounds = 0; rounds < 10; rounds += 1) {
    await store.inWorkspace(workspaceId, (trx) =>
      sql`update source_erasures set ordered_at = now() - interval '2 minutes'`.execute(trx),
    );
    await eraseSources(store, never);
    await settle(pipeline);
    const { rows } = await store.inWorkspace(workspaceId, (trx) => sql`select 1 from source_erasures`.execute(trx));
    if (rows.length === 0) return;
  }
  throw new Error('the erasure did not end');
}

async function readFacts(pipeline: Pipeline): Promise<unknown> {
  const tables = [
    'fact_identities',
    'fact_repositories',
    'fact_commits',
    'fact_commit_credits',
    'fact_commit_files',
    'fact_commit_reach',
  ];
  const facts: Record<string, string[]> = {};
  for (const table of tables) {
    const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql<{ text: string }>`
        select (to_jsonb(t) - 'workspace_id' - 'id' - 'author_id' - 'committer_id' - 'identity_id' - 'repository_id')::text as text
        from ${sql.table(table)} t order by 1`.execute(trx),
    );
    facts[table] = rows.map((row) => row.text);
  }
  return facts;
}

async function expectVerified(pipeline: Pipeline): Promise<void> {
  const { store, metrics, pools, workspaceId } = pipeline;
  expect((await verifyWorkspace({ store, metrics, pool: pools.fresh, workspaceId })).differences).toEqual([]);
}

describe('erasing a source', () => {
  it(
    'leaves exactly what there would be if it had never been read, whatever others share with it',
    { timeout: patienceFor(12) },
    () =>
      checkProperty(
        fc.asyncProperty(
          fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 12 }),
          fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { maxLength: 12 }),
          fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { maxLength: 6 }),
          async (ofA, ofB, cut) => {
            const [both, alone] = [await base.inNewWorkspace(), await base.inNewWorkspace()];
            await both.send([...look('a', ofA), ...look('b', ofB, cut)]);
            await alone.send(look('b', ofB, cut));
            await settle(both);
            await settle(alone);
            await order(both);
            await erase(both);
            expect(await readFacts(both)).toEqual(await readFacts(alone));
            expect(await readNumbers(both)).toEqual(await readNumbers(alone));
            await expectVerified(both);
            const { rows } = await both.store.inWorkspace(both.workspaceId, (trx) =>
              sql`select 1 from raw_events where item_key like 'a#%'`.execute(trx),
            );
            expect(rows).toEqual([]);
          },
        ),
        12,
      ),
  );

  it('waits while another source of its kind is read, and keeps what cannot be read again', async () => {
    const pipeline = await base.inNewWorkspace();
    const { store, workspaceId } = pipeline;
    await pipeline.send([...look('a', [1, 2, 3]), ...look('b', [3, 4])]);
    await settle(pipeline);
    await store.inWorkspace(workspaceId, (trx) =>
      sql`update raw_events set body = null where item_key like 'b#commit#%'`.execute(trx),
    );
    await order(pipeline);
    await pipeline.send([{ key: 'b#repository#2', facts: [repositoryOf('b')] }]);
    await eraseSources(store, never);
    const count = async (): Promise<unknown> =>
      (await store.inWorkspace(workspaceId, (trx) => sql`select 1 from fact_commits`.execute(trx))).rows.length;
    expect(await count()).toBe(4);
    await settle(pipeline);
    await erase(pipeline);
    expect(await count()).toBe(2);
    await expectVerified(pipeline);
  });

  it('refuses another name, adding it again before it is done, and is written down', async () => {
    const pipeline = await base.inNewWorkspace();
    const { store, workspaceId } = pipeline;
    await expect(order(pipeline, 'b')).rejects.toMatchObject({ code: 'invalid_request' });
    await store.inWorkspace(workspaceId, (trx) => sql`delete from sources`.execute(trx));
    expect(await order(pipeline)).toBe('a');
    await expect(
      addSource(store, workspaceId, 'plain', { naturalKey: 'a', name: 'a', settings: {} }),
    ).rejects.toMatchObject({ code: 'conflict' });
    // Readers that were at it get their minute.
    expect(await eraseSources(store, never)).toBe(0);
    await erase(pipeline);
    await addSource(store, workspaceId, 'plain', { naturalKey: 'a', name: 'a', settings: {} });
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ action: string; target_name: string }>`select action, target_name from audit_entries`.execute(trx),
    );
    expect(rows).toEqual([{ action: 'source.erased', target_name: 'a' }]);
  });
});
