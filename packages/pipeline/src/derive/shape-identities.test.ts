import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, IdentityRef } from '@devpulse/contract/facts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { ada, bob, commitAt, forge, pullOf, shaOf } from '../testing/thread.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

const account = (who: IdentityRef, observedAt: string): Fact => ({ fact: 'account', account: who, observedAt });

/** `key login name acted`, after facts were told one event after the other. */
async function identitiesAfter(events: readonly (readonly Fact[])[]): Promise<string[]> {
  const pipeline = await base.inNewWorkspace();
  for (const [index, facts] of events.entries()) {
    await pipeline.send([{ key: `${index}`, facts: [...facts] }]);
    await pipeline.drain();
  }
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{ line: string }>`
      select concat_ws(' ', external_key, login, name, case when not has_acted then 'only told of' end) as line
      from fact_identities where workspace_id = ${pipeline.workspaceId}`.execute(trx),
  );
  return rows.map((row) => row.line).toSorted();
}

describe('an account with a permanent number', () => {
  const early = '2026-05-01T10:00:00.000Z';
  const late = '2026-05-09T10:00:00.000Z';

  it('shows the newest login, in any order, in one event or several', async () => {
    const renamed = account({ externalId: '1', login: 'zoe' }, late);
    const before = pullOf({ seenAt: early });
    for (const events of [[[before, renamed]], [[renamed, before]], [[before], [renamed]], [[renamed], [before]]])
      expect(await identitiesAfter(events)).toEqual(['id:1 zoe']);
    // And back again, to one that comes first in the alphabet no longer by chance.
    const back = account({ externalId: '1', login: 'ada' }, '2026-05-10T10:00:00.000Z');
    expect(await identitiesAfter([[back], [renamed], [before]])).toEqual(['id:1 ada']);
  });

  it('is never taken for another that took its old login', async () => {
    const events = [
      [pullOf({ author: { externalId: '1', login: 'ada' } })],
      [account({ externalId: '1', login: 'ada-old' }, late), account({ externalId: '5', login: 'ada' }, late)],
      [pullOf({ number: 2, author: { externalId: '5', login: 'ada' }, updatedAt: late })],
    ];
    expect(await identitiesAfter(events)).toEqual(['id:1 ada-old', 'id:5 ada']);
  });

  it('does not take its login from a commit, whose clock is anybody’s', async () => {
    const commit = commitAt(shaOf('a'), '2031-01-01T00:00:00.000Z', { author: { externalId: '1', login: 'aaa' } });
    for (const events of [
      [[pullOf()], [commit]],
      [[commit], [pullOf()]],
    ])
      expect((await identitiesAfter(events)).filter((line) => line.startsWith('id:1'))).toEqual(['id:1 ada']);
  });

  it('is a person here once it did something, not for having liked something', async () => {
    const star: Fact = { fact: 'star', repository: forge, user: bob, isStarred: true, at: early, observedAt: early };
    expect(await identitiesAfter([[star], [account(ada, early)]])).toEqual([
      'id:1 ada only told of',
      'id:2 bob only told of',
    ]);
    const pull = pullOf({ author: bob });
    for (const events of [[[star], [pull]], [[pull], [star]], [[star, pull]]])
      expect(await identitiesAfter(events)).toEqual(['id:2 bob']);
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([{ key: 'x', facts: [star, pullOf()] }]);
    await pipeline.drain();
    const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql<{
        name: string;
      }>`select name from lens_people where workspace_id = ${pipeline.workspaceId} order by name`.execute(trx),
    );
    expect(rows.map((row) => row.name)).toEqual(['Owner', 'ada']);
  });
});

describe('an identity without one', () => {
  it('keeps the login that comes first, as nobody says which is newer', async () => {
    const events = ['Zoe', 'Ada', 'Mia'].map((login, index) => [
      account({ email: 'x@example.org', login }, `2026-05-0${index + 1}T10:00:00.000Z`),
    ]);
    expect(await identitiesAfter(events)).toEqual(['email:x@example.org Ada only told of']);
    expect(await identitiesAfter(events.toReversed())).toEqual(['email:x@example.org Ada only told of']);
  });
});
