import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import { readRestoredFacts } from '@devpulse/contract/restored-facts';
import { anyFact, forgeShapes, nameOf } from '@devpulse/pipeline/testing/forge-facts';
import { forgeTables, readForge } from '@devpulse/pipeline/testing/forge-rows';
import { anonymiseAuthors } from './anonymise-authors.ts';
import {
  exportOf,
  openTransferBench,
  stepImport,
  type TestAccount,
  type TransferBench,
  unzip,
  uploadTo,
} from './testing/transfer-bench.ts';

let here: TransferBench;
let there: TransferBench;
beforeAll(async () => {
  here = await openTransferBench();
  there = await openTransferBench();
}, 60_000);
afterAll(async () => {
  await here.close();
  await there.close();
});

// Several versions of everything, always the same; every table has rows.
const told: Fact[] = forgeShapes.flatMap((shape) =>
  fc.sample(fc.array(anyFact(shape), { minLength: 6, maxLength: 6 }), { numRuns: 1, seed: 20_261_126 }).flat(),
);

async function addAccount(name: string): Promise<TestAccount> {
  const account = await here.addAccount(name);
  await here.send(
    account.workspaceId,
    told.map((fact, index) => ({ key: `${index}`, facts: [fact] })),
  );
  await here.settle(account.workspaceId);
  return account;
}

const rowsOf = (bench: TransferBench, { workspaceId }: TestAccount): Promise<Record<string, string[]>> =>
  readForge({ store: bench.store, workspaceId });

/** Takes the export of an account in by a new account of the other instance. */
async function carryOver(account: TestAccount): Promise<{ eve: TestAccount; file: Buffer }> {
  const file = await exportOf(here, await here.session(account));
  const eve = await there.addAccount('Eve');
  const cookie = await there.session(eve);
  const checked = await uploadTo(there, cookie, file);
  expect(checked).toMatchObject({ state: 'checked', error: null });
  expect(await stepImport(there, cookie, checked.id, 'apply')).toMatchObject({ state: 'done', error: null });
  await there.settle(eve.workspaceId);
  return { eve, file };
}

describe('an export of what forges told', () => {
  it('taken in elsewhere gives the same rows', { timeout: 60_000 }, async () => {
    const ada = await addAccount('Ada');
    const before = await rowsOf(here, ada);
    for (const table of forgeTables) expect(before[table]?.length, table).toBeGreaterThan(0);
    await here.store.inWorkspace(ada.workspaceId, (trx) =>
      sql`insert into people_change_overrides (workspace_id, repository_id, number, kind, reason)
          select workspace_id, id, 1, 'agent', 'so it was' from fact_repositories
          where workspace_id = ${ada.workspaceId} and external_key = 'forge/1'`.execute(trx),
    );
    const { eve } = await carryOver(ada);
    expect(await rowsOf(there, eve)).toEqual(before);
    const { rows } = await there.store.inWorkspace(eve.workspaceId, (trx) =>
      sql`select kind, signal from lens_changes c join fact_repositories r on r.workspace_id = c.workspace_id and r.id = c.repository_id
          where c.workspace_id = ${eve.workspaceId} and r.external_key = 'forge/1' and c.number = 1`.execute(trx),
    );
    expect(rows).toEqual([{ kind: 'agent', signal: 'decided: so it was' }]);
  });

  it('does so where retention had removed every body', { timeout: 60_000 }, async () => {
    const ada = await addAccount('Ada');
    const before = await rowsOf(here, ada);
    await here.store.inWorkspace(ada.workspaceId, (trx) =>
      sql`update raw_events set body = null where workspace_id = ${ada.workspaceId}`.execute(trx),
    );
    const { eve, file } = await carryOver(ada);
    expect(await rowsOf(there, eve)).toEqual(before);
    const lines = ((await unzip(file)).get('workspaces/1/facts.ndjson') ?? '').trim().split('\n');
    const facts = lines.flatMap((line) =>
      readRestoredFacts(Buffer.from((JSON.parse(line) as { body: string }).body, 'base64')),
    );
    expect(new Set(facts.map((fact) => fact.fact))).toEqual(new Set(forgeShapes.map(nameOf)));
  });
});

describe('anonymiseAuthors, of an account of a forge', () => {
  it('leaves neither number nor login, and keeps what was done', { timeout: 60_000 }, async () => {
    const account = await here.addAccount('Fay');
    const { workspaceId } = account;
    const asked: Fact = {
      fact: 'moment',
      repository: 'forge/1',
      number: 1,
      kind: 'review_requested',
      at: '2026-05-01T10:00:00.000Z',
      actor: { externalId: '8', login: 'somebody' },
      subject: 'user:583231',
    };
    const review: Fact = {
      fact: 'review',
      repository: 'forge/1',
      number: 1,
      id: '1',
      reviewer: { externalId: '583231', login: 'the-reviewer' },
      said: 'approved',
      submittedAt: '2026-05-02T10:00:00.000Z',
      commit: null,
    };
    await here.send(workspaceId, [
      { key: 'asked', facts: [asked, { fact: 'account', account: { externalId: '583231' }, observedAt: asked.at }] },
      { key: 'review', facts: [review] },
      { key: 'other', facts: [{ ...asked, kind: 'ready', subject: '' }] },
    ]);
    await here.settle(workspaceId);
    await here.store.inWorkspace(workspaceId, async (trx) => {
      const { rows } = await sql<{ id: string }>`
        select id from fact_identities where workspace_id = ${workspaceId} and external_key = 'id:583231'`.execute(trx);
      await anonymiseAuthors(
        trx,
        rows.map((row) => row.id),
      );
    });
    const rows = await readForge({ store: here.store, workspaceId });
    expect(JSON.stringify(rows)).not.toMatch(/583231|the-reviewer/);
    expect(rows['fact_reviews']).toHaveLength(1);
    expect(rows['fact_moments']).toHaveLength(2);
    const bodies = await here.store.inWorkspace(workspaceId, (trx) =>
      sql<{ item_key: string }>`
        select item_key from raw_events where workspace_id = ${workspaceId} and body is not null`.execute(trx),
    );
    expect(bodies.rows).toEqual([{ item_key: 'other' }]);
  });
});
