import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeletionPlan } from '@devpulse/contract/wire/data';
import { openClient } from '@devpulse/db/connection';
import { stableId } from '@devpulse/db/ids';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import { commitOf } from '@devpulse/pipeline/testing/history';
import { verifyChain } from '../audit/verify-chain.ts';
import { linkIdentities } from '../people/link-identities.ts';
import { verifyWorkspace } from '../verify/verify-workspace.ts';
import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { personTables } from './person-tables.ts';
import { fillTables, findRows, type Whom } from './testing/fill-tables.ts';
import {
  headersOf,
  openTransferBench,
  password,
  type TestAccount,
  type TransferBench,
} from './testing/transfer-bench.ts';

let bench: TransferBench;
let admin: pg.Client;

beforeAll(async () => {
  bench = await openTransferBench();
  admin = await openClient(
    { ...findTestServer().admin, database: bench.store.logins.owner.database },
    'tests',
    () => undefined,
  );
});
afterAll(async () => {
  await admin.end();
  await bench.close();
});

async function remove(cookie: string, payload: object = { confirmation: 'DELETE', password }) {
  return bench.app.inject({ method: 'DELETE', url: '/api/v1/account', headers: headersOf(cookie), payload });
}

async function planOf(cookie: string): Promise<DeletionPlan> {
  return (await bench.app.inject({ url: '/api/v1/account/deletion', headers: { cookie } })).json();
}

const authorOf = (workspaceId: string, email: string): string =>
  stableId('identity', workspaceId, 'plain', identityKey({ email }));

/** Two people of a team, each with commits that are linked to them, and rows in every table. */
async function makeTeam(departedPeople: 'keep' | 'anonymise') {
  const tag = departedPeople === 'keep' ? 'K' : 'X';
  const [ada, bob] = [await bench.addAccount(`Ada${tag}`), await bench.addAccount(`Bob${tag}`)];
  const workspaceId = await bench.addTeam({ departedPeople });
  const adaId = await bench.join(ada, workspaceId, 'member');
  const bobId = await bench.join(bob, workspaceId, 'owner');
  const commits = Array.from({ length: 12 }, (_, number) => commitOf(number));
  await bench.send(workspaceId, [
    ...commits.map((commit) => ({ key: `commit ${commit.sha}`, facts: [commit] })),
    {
      key: 'the look',
      facts: [
        {
          fact: 'repository',
          key: 'r',
          name: 'r',
          url: null,
          defaultBranch: 'main',
          state: 'active',
          observedAt: '2026-01-01T00:00:00Z',
        },
        { fact: 'reach', repository: 'r', snapshot: 1, reachable: true, shas: commits.map(({ sha }) => sha) },
      ],
    },
  ]);
  const { store } = bench;
  for (const [personId, email] of [
    [adaId, 'ada@example.org'],
    [bobId, 'bob@example.org'],
  ] as const)
    await linkIdentities({
      store,
      workspaceId,
      identityIds: [authorOf(workspaceId, email)],
      personId,
      reason: 'me',
      by: personId,
    });
  await bench.settle(workspaceId);
  const whom = (account: TestAccount, personId: string, email: string): Whom => ({
    person: personId,
    account: account.accountId,
    identity: authorOf(workspaceId, email),
  });
  return {
    workspaceId,
    ada,
    bob,
    adas: whom(ada, adaId, 'ada@example.org'),
    bobs: whom(bob, bobId, 'bob@example.org'),
  };
}

async function sumOf(workspaceId: string, subjectKind: 'workspace' | 'person'): Promise<unknown> {
  const { rows } = await bench.store.inWorkspace(workspaceId, (trx) =>
    sql`select metric, day, part, sum(n)::integer as n, sum(value) as value, count(distinct subject_id)::integer as subjects
        from rollup_days where subject_kind = ${subjectKind} and metric in ('test_commits', 'test_lines')
        group by 1, 2, 3 order by 1, 2, 3`.execute(trx),
  );
  return rows;
}

describe('deleting an account', { timeout: 60_000 }, () => {
  it('leaves no row with its keys in any table of the catalogue, and every row of others as it was', async () => {
    const { workspaceId, ada, adas, bobs } = await makeTeam('keep');
    await fillTables(admin, workspaceId, adas);
    await fillTables(admin, workspaceId, bobs);
    const [before, others] = [await findRows(admin, adas), await findRows(admin, bobs)];
    const keys = Object.entries(personTables).flatMap(([table, entry]) =>
      Object.keys(entry.keys).map((column) => `${table}.${column}`),
    );
    // The test tests something only if there is a row for every key.
    expect(Object.keys(before).toSorted()).toEqual(keys.toSorted());
    const answer = await remove(await bench.session(ada));
    expect(answer.statusCode, answer.body).toBe(204);
    const kept = keys.filter((key) => {
      const [table, column] = [key.slice(0, key.lastIndexOf('.')), key.slice(key.lastIndexOf('.') + 1)];
      return personTables[table]?.keys[column]?.of === 'identity';
    });
    const left = Object.keys(await findRows(admin, adas));
    expect(left.filter((key) => !kept.includes(key))).toEqual([]);
    // Who was told by a source is the workspace's.
    expect(left).toContain('fact_commits.author_id');
    // Days on which both are credited are marked to be counted again; nothing else about the other one moves.
    const { 'rollup_stale.subject_id': marks, ...untouched } = await findRows(admin, bobs);
    const { 'rollup_stale.subject_id': marksBefore, ...othersBefore } = others;
    expect(untouched).toEqual(othersBefore);
    expect(marks).toEqual(expect.arrayContaining(marksBefore ?? []));
    const { rows } = await admin.query('select 1 from workspaces where id = $1', [ada.workspaceId]);
    expect(rows).toEqual([]);
    const { rows: accounts } = await admin.query('select 1 from auth."user" where id = $1', [ada.accountId]);
    expect(accounts).toEqual([]);
  });

  it.each(['keep', 'anonymise'] as const)(
    'keeps the numbers of a team true where names are to %s',
    async (departedPeople) => {
      const name = departedPeople === 'keep' ? 'Somebody' : 'Former member';
      const { workspaceId, ada, adas } = await makeTeam(departedPeople);
      const before = { workspace: await sumOf(workspaceId, 'workspace'), people: await sumOf(workspaceId, 'person') };
      expect((await remove(await bench.session(ada))).statusCode).toBe(204);
      await bench.settle(workspaceId);
      expect({ workspace: await sumOf(workspaceId, 'workspace'), people: await sumOf(workspaceId, 'person') }).toEqual(
        before,
      );
      const { rows } = await admin.query<{ name: string; author: string | null; email: string | null }>(
        `select p.name, i.name as author, i.email from people_links l
       join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
       join fact_identities i on i.workspace_id = l.workspace_id and i.id = l.identity_id
       where l.workspace_id = $1 and l.identity_id = $2`,
        [workspaceId, adas.identity],
      );
      expect(rows).toMatchObject([
        departedPeople === 'keep' ? { name, email: 'ada@example.org' } : { name, author: name, email: null },
      ]);
      expect(await verifyChain(bench.store, workspaceId)).toMatchObject({ isWhole: true });
      const pool = new ParsePool({ registry: import.meta.resolve('@devpulse/pipeline/testing/registry') });
      const { store, deps } = bench;
      const verified = await verifyWorkspace({ store, metrics: deps.metrics, pool, workspaceId });
      await pool.close();
      expect(verified.differences).toEqual([]);
    },
  );

  it('lets no name come back once it was taken away, whatever a source tells', async () => {
    const { workspaceId, ada, adas } = await makeTeam('anonymise');
    expect((await remove(await bench.session(ada))).statusCode).toBe(204);
    const { rows: bodies } = await admin.query(
      `select 1 from raw_events where workspace_id = $1 and position('ada@example.org'::bytea in lower(convert_from(body, 'UTF8'))::bytea) > 0`,
      [workspaceId],
    );
    expect(bodies).toEqual([]);
    const later = {
      ...commitOf(0),
      sha: 'f'.repeat(40),
      authoredAt: '2030-01-01T00:00:00Z',
      author: { name: 'Ada Again', email: 'ada@example.org' },
    };
    await bench.send(workspaceId, [{ key: 'later', facts: [later] }]);
    const { rows } = await admin.query(
      `select name, email, login from fact_identities where workspace_id = $1 and id = $2`,
      [workspaceId, adas.identity],
    );
    expect(rows).toEqual([{ name: 'Former member', email: null, login: null }]);
  });

  it('asks for the word, the password, and an heir for each team', async () => {
    const cai = await bench.addAccount('Cai');
    const cookie = await bench.session(cai);
    expect(await planOf(cookie)).toMatchObject({
      confirmation: 'DELETE',
      proof: 'password',
      workspaces: [{ outcome: 'deleted' }],
    });
    expect((await remove(cookie, { confirmation: 'delete', password })).statusCode).toBe(400);
    expect((await remove(cookie, { confirmation: 'DELETE', password: 'wrong' })).statusCode).toBe(400);
    expect((await remove(cookie, { confirmation: 'DELETE' })).statusCode).toBe(400);
    const team = await bench.addTeam();
    await bench.join(cai, team, 'owner');
    expect((await planOf(cookie)).workspaces.map((workspace) => workspace.outcome).toSorted()).toEqual([
      'blocked',
      'deleted',
    ]);
    const refused = await remove(cookie);
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({ detail: expect.stringContaining('last owner of "The team"') as string });
    // All of it or nothing.
    expect((await planOf(cookie)).workspaces).toHaveLength(2);
    const heir = await bench.addAccount('Heir');
    await bench.join(heir, team, 'owner');
    expect((await remove(cookie)).statusCode).toBe(204);
    expect((await planOf(cookie)) as unknown).toMatchObject({ code: 'unauthenticated' });
    expect((await planOf(await bench.session(heir))).workspaces.map((workspace) => workspace.outcome)).toContain(
      'blocked',
    );
  });

  it('lets nobody try passwords there as often as they please', async () => {
    await admin.query('delete from limit_buckets');
    const cookie = await bench.session(await bench.addAccount('Fox'));
    const answers: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      answers.push((await remove(cookie, { confirmation: 'DELETE', password: `guess ${attempt}` })).statusCode);
    expect(answers).toEqual([...Array<number>(10).fill(400), 429]);
    expect((await remove(cookie)).statusCode).toBe(429);
    await admin.query('delete from limit_buckets');
    expect((await remove(cookie)).statusCode).toBe(204);
  });

  it('takes a fresh sign-in where there is no password, and no token ever', async () => {
    const dee = await bench.addAccount('Dee');
    await admin.query('update auth.account set password = null where user_id = $1', [dee.accountId]);
    const cookie = await bench.session(dee);
    expect((await planOf(cookie)).proof).toBe('fresh_sign_in');
    await admin.query(`update auth.session set created_at = now() - interval '11 minutes' where user_id = $1`, [
      dee.accountId,
    ]);
    const stale = await remove(cookie, { confirmation: 'DELETE' });
    expect(stale.statusCode, bench.lines.slice(-3).join('')).toBe(403);
    const token = await bench.tokenFor(undefined, { workspaceId: dee.workspaceId, ownerId: dee.personId });
    const byToken = await bench.app.inject({
      method: 'DELETE',
      url: '/api/v1/account',
      headers: { authorization: `Bearer ${token}` },
      payload: { confirmation: 'DELETE' },
    });
    expect(byToken.statusCode).toBe(403);
    expect((await remove(await bench.session(dee), { confirmation: 'DELETE' })).statusCode).toBe(204);
  });
});
