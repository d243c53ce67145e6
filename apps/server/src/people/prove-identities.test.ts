import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { systemActor } from '../audit/record-audit.ts';
import { disownIdentity } from './disown-identity.ts';
import { linkIdentities } from './link-identities.ts';
import { listIdentities, listOwnIdentities } from './list-identities.ts';
import { listLinkDecisions } from './list-link-decisions.ts';
import { overrideKind } from './override-kind.ts';
import { isAnybodyOnGithub, proveIdentities } from './prove-identities.ts';
import { seedKindRules } from './seed-kind-rules.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';
import { undoLink } from './undo-link.ts';
import { unlinkIdentity } from './unlink-identity.ts';

const githubUrl = 'https://github.com';
// Numbers are taken once on an instance, and all tests share one.
let numbers = 1000;

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;
let ada: { externalId: string; login: string; name: string };

beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  ws = await world.fresh();
  numbers += 1;
  ada = { externalId: String(numbers), login: `ada-${numbers}`, name: 'Ada' };
});

/** A member with an account, which is connected to GitHub where a number is given. */
async function addMember(name: string, number?: string): Promise<{ personId: string; accountId: string }> {
  const [personId, accountId] = [newId(), newId()];
  await sql`insert into auth."user" (id, name, email) values (${accountId}, ${name}, ${`${accountId}@example.org`})`.execute(
    ws.store.auth,
  );
  await ws.store.inWorkspace(ws.workspaceId, async (trx) => {
    await trx.insertInto('people').values({ workspace_id: ws.workspaceId, id: personId, name }).execute();
    await trx
      .insertInto('people_members')
      .values({ workspace_id: ws.workspaceId, person_id: personId, role: 'member' })
      .execute();
    await trx
      .insertInto('account_members')
      .values({ workspace_id: ws.workspaceId, account_id: accountId, person_id: personId })
      .execute();
  });
  if (number !== undefined) await connect(accountId, number);
  return { personId, accountId };
}

async function connect(accountId: string, number: string): Promise<void> {
  await sql`insert into auth.account (id, user_id, provider_id, account_id, login)
    values (${newId()}, ${accountId}, 'github', ${number}, ${`ada-${number}`})`.execute(ws.store.auth);
}

async function disconnect(accountId: string): Promise<void> {
  await sql`delete from auth.account where user_id = ${accountId} and provider_id = 'github'`.execute(ws.store.auth);
}

function tellOfAda(source = 'github'): Promise<void> {
  return ws.tell([{ by: ada, at: '2026-03-01T12:00:00Z' }], source);
}

const prove = (url = githubUrl): Promise<number> => proveIdentities({ ...ws, githubUrl: url });

async function holder(): Promise<string> {
  const { identities } = await listIdentities({ ...ws, limit: 50 });
  return identities.find((identity) => identity.login === ada.login)?.person.name ?? 'not listed';
}

describe('proof by sign-in', () => {
  it('gives the facts that were there first to the account that is connected later', async () => {
    await tellOfAda();
    await ws.count();
    expect([await prove(), await ws.staleDays()]).toEqual([0, 0]);
    const { personId } = await addMember('Ada Lovelace', ada.externalId);
    expect(await isAnybodyOnGithub(ws.store)).toBe(true);
    expect(await prove()).toBe(1);
    expect(await ws.staleDays()).toBeGreaterThan(0);
    expect((await ws.count())[personId]).toEqual({ '2026-03-01': 1 });
    expect(await prove()).toBe(0);
  });

  it('gives the facts that come later to the account that was connected first, and says so where people look', async () => {
    const { personId } = await addMember('Ada Lovelace', ada.externalId);
    expect(await prove()).toBe(0);
    await tellOfAda();
    expect(await prove()).toBe(1);
    const { identities } = await listOwnIdentities({ ...ws, personId });
    const words = `signed in with GitHub as ${ada.login}`;
    expect(identities).toMatchObject([
      { login: ada.login, person: { name: 'Ada Lovelace', isMember: true }, proof: { words } },
    ]);
    const { decisions } = await listLinkDecisions({ ...ws, limit: 10 });
    expect(decisions).toMatchObject([
      { reason: words, provenBy: 'github', decidedBy: null, moves: [{ from: 'Ada', to: 'Ada Lovelace' }] },
    ]);
    const { rows } = await ws.store.inWorkspace(ws.workspaceId, (trx) =>
      sql<{ target_id: string; after: string }>`
        select target_id, after from audit_entries where action = 'identity.proven'`.execute(trx),
    );
    expect(rows).toEqual([{ target_id: personId, after: JSON.stringify({ account: `${ada.login} on GitHub` }) }]);
  });

  it('goes by the number alone: neither a login nor what another source says is proof', async () => {
    await addMember('Ada Lovelace', '99');
    await tellOfAda();
    await tellOfAda('forge');
    expect(await prove()).toBe(0);
    await addMember('Ada by number', ada.externalId);
    await ws.tell([{ by: { email: 'ada@example.org', login: ada.login } }], 'github');
    expect(await prove()).toBe(1);
  });

  it('takes the number with its host where GitHub is a server of one’s own', async () => {
    const own = 'https://github.example.org';
    await addMember('Ada Lovelace', ada.externalId);
    const there = { ...ada, externalId: `github.example.org/${ada.externalId}` };
    await ws.tell([{ by: there }], 'github');
    expect(await prove()).toBe(0);
    expect(await prove(own)).toBe(1);
    await tellOfAda();
    expect(await prove(own)).toBe(0);
  });

  it('leaves machines alone, and deactivated members', async () => {
    const { personId } = await addMember('Ada Lovelace', ada.externalId);
    await tellOfAda();
    const identityId = ws.id(ada, 'github');
    await overrideKind({ ...ws, identityId, kind: 'automation', reason: 'a release robot', by: null });
    expect(await prove()).toBe(0);
    await overrideKind({ ...ws, identityId, kind: 'person', reason: 'no robot', by: null });
    const setActive = (at: Date | null): Promise<unknown> =>
      ws.store.inWorkspace(ws.workspaceId, (trx) =>
        trx
          .updateTable('people_members')
          .set({ deactivated_at: at })
          .where('workspace_id', '=', ws.workspaceId)
          .where('person_id', '=', personId)
          .execute(),
      );
    await setActive(new Date());
    expect(await prove()).toBe(0);
    await setActive(null);
    expect(await prove()).toBe(1);
  });

  it('makes a person of whom only a name in a commit calls a machine, and keeps them one', async () => {
    const sign = (name: string, at: string) => ws.tell([{ by: { ...ada, name }, at }], 'github');
    const kindOfAda = async () => (await listIdentities({ ...ws, limit: 50 })).identities.map(({ kind }) => kind);
    await ws.store.inWorkspace(ws.workspaceId, (trx) => seedKindRules(trx, ws.workspaceId));
    await sign('dependabot[bot]', '2026-03-01T12:00:00Z');
    expect(await kindOfAda()).toEqual(['automation']);
    const { personId } = await addMember('Ada Lovelace', ada.externalId);
    expect(await prove()).toBe(1);
    expect((await ws.count())[personId]).toEqual({ '2026-03-01': 1 });
    await sign('renovate', '2026-03-02T12:00:00Z');
    expect((await ws.count())[personId]).toEqual({ '2026-03-01': 1, '2026-03-02': 1 });
    const identityId = ws.id(ada, 'github');
    await disownIdentity({ ...ws, personId, identityId, actor: systemActor });
    expect(await kindOfAda()).toEqual(['automation']);
  });

  it('does not make a person of what the source itself calls a machine', async () => {
    await ws.store.inWorkspace(ws.workspaceId, (trx) => seedKindRules(trx, ws.workspaceId));
    await ws.tell([{ by: { ...ada, sourceKind: 'Bot' } }], 'github');
    await addMember('Ada Lovelace', ada.externalId);
    expect(await prove()).toBe(0);
  });

  it('moves what somebody decided, and is not moved by a word', async () => {
    await tellOfAda();
    const grace = await addMember('Grace Hopper');
    const decide = (personId: string) =>
      linkIdentities({ ...ws, identityIds: [ws.id(ada, 'github')], personId, reason: 'I think', by: null });
    await decide(grace.personId);
    expect(await holder()).toBe('Grace Hopper');
    await addMember('Ada Lovelace', ada.externalId);
    expect(await prove()).toBe(1);
    expect(await holder()).toBe('Ada Lovelace');
    await expect(decide(grace.personId)).rejects.toThrow(/proved by signing in/);
    await expect(unlinkIdentity({ ...ws, identityId: ws.id(ada, 'github'), reason: 'x', by: null })).rejects.toThrow(
      /proved by signing in/,
    );
    expect(await holder()).toBe('Ada Lovelace');
  });

  it('moves on to whoever signs in with the account next', async () => {
    await tellOfAda();
    const first = await addMember('Ada Lovelace', ada.externalId);
    expect(await prove()).toBe(1);
    await disconnect(first.accountId);
    expect(await prove()).toBe(0);
    expect(await holder()).toBe('Ada Lovelace');
    await addMember('Augusta King', ada.externalId);
    expect(await prove()).toBe(1);
    expect(await holder()).toBe('Augusta King');
  });

  it('notes the proof of what was decided already, and then keeps it', async () => {
    await tellOfAda();
    const { personId, accountId } = await addMember('Ada Lovelace');
    const grace = await addMember('Grace Hopper');
    const decided = await linkIdentities({
      ...ws,
      identityIds: [ws.id(ada, 'github')],
      personId,
      reason: 'said so',
      by: null,
    });
    await connect(accountId, ada.externalId);
    expect([await prove(), await prove()]).toEqual([1, 0]);
    await expect(undoLink({ ...ws, batchId: decided.batchId ?? '', by: null })).rejects.toThrow(/Moved again since/);
    await expect(
      linkIdentities({ ...ws, identityIds: [ws.id(ada, 'github')], personId: grace.personId, reason: 'x', by: null }),
    ).rejects.toThrow(/proved by signing in/);
    expect(await holder()).toBe('Ada Lovelace');
  });
});

describe('taking a proof back', () => {
  it('puts back what was before, counts again, and holds until somebody connects anew', async () => {
    await tellOfAda();
    const { personId, accountId } = await addMember('Ada Lovelace', ada.externalId);
    await prove();
    await ws.count();
    const identityId = ws.id(ada, 'github');
    await disownIdentity({ ...ws, personId, identityId, actor: systemActor });
    expect(await holder()).toBe('Ada');
    expect((await ws.count())[personId]).toBeUndefined();
    expect(await prove()).toBe(0);
    const { rows } = await ws.store.inWorkspace(ws.workspaceId, (trx) =>
      sql<{ action: string }>`select action from audit_entries where action like 'identity.%' order by seq`.execute(
        trx,
      ),
    );
    expect(rows.map(({ action }) => action)).toEqual(['identity.proven', 'identity.proof_undone']);
    await disconnect(accountId);
    await connect(accountId, ada.externalId);
    expect(await prove()).toBe(1);
    expect(await holder()).toBe('Ada Lovelace');
  });

  it('is for those of whom it was proved, and for nothing that was merely decided', async () => {
    await tellOfAda();
    const { personId } = await addMember('Ada Lovelace', ada.externalId);
    const grace = await addMember('Grace Hopper');
    await prove();
    const identityId = ws.id(ada, 'github');
    const disown = (who: string) => disownIdentity({ ...ws, personId: who, identityId, actor: systemActor });
    await expect(disown(grace.personId)).rejects.toThrow(/has not proved/);
    await disown(personId);
    await linkIdentities({ ...ws, identityIds: [identityId], personId, reason: 'said so', by: null });
    await expect(disown(personId)).rejects.toThrow(/has not proved/);
    expect(await holder()).toBe('Ada Lovelace');
  });
});

describe('where nobody can be proved', () => {
  it('claims nothing in a demo, whose people are made up', async () => {
    await addMember('Ada Lovelace', ada.externalId);
    await tellOfAda();
    await ws.store.inWorkspace(ws.workspaceId, (trx) =>
      trx.updateTable('workspaces').set({ kind: 'demo' }).where('id', '=', ws.workspaceId).execute(),
    );
    expect(await prove()).toBe(0);
  });

  it('does not see the accounts of another workspace', async () => {
    const elsewhere = ws;
    await addMember('Ada Lovelace', ada.externalId);
    ws = await world.fresh();
    await tellOfAda();
    expect(await prove()).toBe(0);
    const { rows } = await elsewhere.store.inWorkspace(ws.workspaceId, (trx) =>
      sql`select * from github_accounts_here()`.execute(trx),
    );
    expect(rows).toEqual([]);
  });
});
