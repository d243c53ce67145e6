import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkspaceView } from '@devpulse/contract/wire/people';
import type { WorkspacePlace } from '@devpulse/contract/wire/workspaces';
import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { type MemberWorld, openMemberWorld, type Somebody } from '../members/testing/member-world.ts';
import { ownedMost } from './create-workspace.ts';
import { ensureWorkspace, findFirstWorkspace, findWorkspace, nameOperatorWorkspace } from './ensure-workspace.ts';

let world: MemberWorld;
beforeAll(async () => {
  world = await openMemberWorld();
});
afterAll(() => world.close());

const make = (by: Somebody, slug: string, name = 'Another team') =>
  by.ask('POST', '/api/v1/workspaces', { name, slug, zone: 'Europe/Berlin', weekStart: 7 });
const rename = (by: Somebody, change: object) => by.ask('PATCH', '/api/v1/workspace', change);
const find = (by: Somebody, slug: string) => by.ask('GET', `/api/v1/workspaces/${slug}`);

describe('making a workspace', () => {
  it('is for anybody who signed in, who owns it then and sees nobody else in it', async () => {
    const ada = await world.addStranger({ name: 'Ada' });
    const made = await make(ada, 'ada-and-friends');
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json<WorkspacePlace>();
    const inside = await world.store.inWorkspace(id, async (trx) => ({
      people: await trx.selectFrom('people').select('name').execute(),
      members: await trx.selectFrom('people_members').select('role').execute(),
      workspace: await trx.selectFrom('workspaces').select(['kind', 'zone', 'week_start']).executeTakeFirst(),
      rules: await trx.selectFrom('people_kind_rules').select('id').execute(),
    }));
    expect(inside.people).toEqual([{ name: 'Ada' }]);
    expect(inside.members).toEqual([{ role: 'owner' }]);
    expect(inside.workspace).toEqual({ kind: 'team', zone: 'Europe/Berlin', week_start: 7 });
    expect(inside.rules.length).toBeGreaterThan(10);
    // The session stays where it was.
    expect((await ada.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ kind: 'personal' });
    const byToken = await world.ask({ method: 'POST', url: '/api/v1/workspaces', payload: {} });
    expect([400, 403]).toContain(byToken.statusCode);
  });

  it('refuses an address that is taken, kept or no address, and says no more than that', async () => {
    const ada = await world.addStranger();
    for (const [slug, status] of [
      ['rockets', 409],
      ['admin', 400],
      ['Rockets', 400],
      ['a', 400],
      ['a--b', 400],
      ['-a', 400],
    ] as const) {
      const answer = await make(ada, slug);
      expect(answer.statusCode, slug).toBe(status);
      expect(answer.body).not.toContain('Rocket team');
      expect(answer.json<{ problems: { path: string }[] }>().problems[0]?.path).toBe('body.slug');
    }
  });

  it('gives one address to one of two who want it at once', async () => {
    const both = [await world.addStranger(), await world.addStranger()];
    const answers = await Promise.all(both.map((one) => make(one, 'wanted')));
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it('ends at a limit, also for many at once', async () => {
    const ada = await world.addStranger();
    const answers = await Promise.all(
      Array.from({ length: ownedMost + 3 }, (_, index) => make(ada, `many-${newId().slice(-8)}-${index}`)),
    );
    // The personal one is one of them.
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(ownedMost - 1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(4);
  }, 60_000);
});

describe('an address', () => {
  it('goes on leading to its workspace after a change, and to nobody else', async () => {
    const eve = await world.addStranger();
    expect((await rename(world.founder, { slug: 'rocket-science' })).json()).toMatchObject({ slug: 'rocket-science' });
    for (const slug of ['rockets', 'rocket-science', 'ROCKETS'])
      expect((await find(world.founder, slug)).json()).toEqual({
        id: world.teamId,
        slug: 'rocket-science',
        name: 'Rocket team',
      });
    expect((await make(eve, 'rockets')).statusCode).toBe(409);
    expect((await rename(world.founder, { slug: 'rockets' })).json()).toMatchObject({ slug: 'rockets' });
    expect((await find(world.founder, 'rocket-science')).json()).toMatchObject({ slug: 'rockets' });
  });

  it('of somebody else and of nobody are answered alike', async () => {
    const eve = await world.addStranger();
    const strip = (body: object) => ({ ...body, requestId: '', instance: '' });
    const foreign = await find(eve, 'rockets');
    const nobody = await find(eve, 'no-such-team');
    expect(foreign.statusCode).toBe(404);
    expect(strip(foreign.json())).toEqual(strip(nobody.json()));
    const gone = await world.addMember('member');
    expect((await find(gone, 'rockets')).statusCode).toBe(200);
    await gone.ask('POST', '/api/v1/workspace/leave');
    expect((await find(gone, 'rockets')).statusCode).toBe(404);
  });

  it('of a personal workspace is made of the name, with a number where that is taken', async () => {
    const slugs: (string | null)[] = [];
    for (let round = 0; round < 3; round += 1) {
      const grace = await world.addStranger({ name: 'Grace Hopper' });
      slugs.push((await grace.ask('GET', '/api/v1/workspace')).json<WorkspaceView>().slug);
    }
    expect(slugs).toEqual(['grace-hopper', 'grace-hopper-2', 'grace-hopper-3']);
    const foreign = await world.addStranger({ name: '东京' });
    expect((await foreign.ask('GET', '/api/v1/workspace')).json<WorkspaceView>().slug).toMatch(/^[a-z0-9-]{2,40}$/);
  });

  it('that was given up is free again only after many others', async () => {
    const ada = await world.addStranger({ name: 'Renamer' });
    for (let round = 0; round < 22; round += 1) await rename(ada, { slug: `renamed-${round}` });
    expect((await find(ada, 'renamed-5')).statusCode).toBe(200);
    expect((await find(ada, 'renamer')).statusCode).toBe(404);
  });
});

describe('a personal workspace', () => {
  it('becomes a team’s with all that is in it, and its owner gets a new one', async () => {
    const ada = await world.addStranger({ name: 'Lone Ada' });
    const before = (await ada.ask('GET', '/api/v1/workspace')).json<WorkspaceView>();
    expect((await ada.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member' })).statusCode).toBe(409);
    const answer = await ada.ask('POST', '/api/v1/workspace/team', { name: 'Ada and others' });
    expect(answer.json()).toEqual({ id: before.id, slug: 'ada-and-others', name: 'Ada and others' });
    expect((await find(ada, before.slug ?? '')).json()).toMatchObject({ id: before.id });
    expect((await ada.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ id: before.id, kind: 'team' });
    expect((await ada.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member' })).statusCode).toBe(201);
    const { rows } = await sql<{ kinds: number }>`
      select count(*)::integer as kinds from account_workspaces(${ada.accountId})`.execute(world.store.app);
    expect(rows[0]?.kinds).toBe(2);
    expect((await ada.ask('POST', '/api/v1/workspace/team', { name: 'Again' })).statusCode).toBe(409);
  });

  it('can neither be deleted nor left nor handed over by itself', async () => {
    const ada = await world.addStranger();
    const { name } = (await ada.ask('GET', '/api/v1/workspace')).json<WorkspaceView>();
    expect((await ada.ask('POST', '/api/v1/workspace/deletion', { name })).statusCode).toBe(409);
    expect((await ada.ask('POST', '/api/v1/workspace/leave')).statusCode).toBe(409);
    expect((await ada.ask('POST', '/api/v1/workspace/handover', { personId: newId() })).statusCode).toBe(409);
  });
});

describe('handing over', () => {
  it('makes the other one owner and oneself admin, and is the owner’s alone', async () => {
    const own = await openMemberWorld();
    const admin = await own.addMember('admin');
    const heir = await own.addMember('member');
    const hand = (by: Somebody, personId: string) => by.ask('POST', '/api/v1/workspace/handover', { personId });
    expect((await hand(admin, heir.personId)).statusCode).toBe(403);
    expect((await hand(own.founder, own.founder.personId)).statusCode).toBe(409);
    expect((await hand(own.founder, newId())).statusCode).toBe(404);
    await own.founder.ask('POST', `/api/v1/members/${admin.personId}/deactivate`);
    expect((await hand(own.founder, admin.personId)).statusCode).toBe(409);
    expect((await hand(own.founder, heir.personId)).statusCode).toBe(204);
    expect((await heir.ask('GET', '/api/v1/me')).json()).toMatchObject({ role: 'owner' });
    expect((await own.founder.ask('GET', '/api/v1/me')).json()).toMatchObject({ role: 'admin' });
    expect((await hand(own.founder, heir.personId)).statusCode).toBe(403);
    await own.close();
  });
});

describe('deleting a workspace', () => {
  it('takes an owner and its name, and leaves no row of it in any table', async () => {
    const own = await openMemberWorld();
    const admin = await own.addMember('admin');
    await own.founder.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member' });
    const remove = (by: Somebody, name: string) => by.ask('POST', '/api/v1/workspace/deletion', { name });
    expect((await remove(admin, 'Rocket team')).statusCode).toBe(403);
    expect((await remove(own.founder, 'rocket team')).statusCode).toBe(400);
    const before = await countRows(own, own.teamId);
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['workspaces', 'people_members', 'invitations', 'audit_entries', 'auth.session']),
    );
    expect((await remove(own.founder, ' Rocket team ')).statusCode).toBe(204);
    expect(await countRows(own, own.teamId)).toEqual({});
    // Everybody goes on where they are at home.
    for (const who of [own.founder, admin])
      expect((await who.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ kind: 'personal' });
    const noted = await own.store.inWorkspace(
      (await own.founder.ask('GET', '/api/v1/workspace')).json<WorkspaceView>().id,
      (trx) => trx.selectFrom('audit_entries').select(['action', 'target_name']).execute(),
    );
    expect(noted).toContainEqual({ action: 'workspace.deleted', target_name: 'Rocket team' });
    // Its address is free again.
    expect((await make(admin, 'rockets')).statusCode).toBe(201);
    await own.close();
  });

  it('is refused for the one whose owners look after the instance', async () => {
    const own = await openMemberWorld();
    await nameOperatorWorkspace(own.store, own.teamId);
    const answer = await own.founder.ask('POST', '/api/v1/workspace/deletion', { name: 'Rocket team' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json<{ detail: string }>().detail).toContain('workspace operator');
    await own.close();
  });
});

describe('what is about the whole instance', () => {
  it('is not opened by owning any workspace, only by running the one that was named for it', async () => {
    const own = await openMemberWorld();
    const jobs = (who: Somebody) => who.ask('GET', '/api/v1/jobs');
    const folders = (who: Somebody) => who.ask('GET', '/api/v1/folders');
    const admin = await own.addMember('admin');
    for (const who of [own.founder, admin, await own.addStranger()]) {
      const answer = await jobs(who);
      expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
        403,
        expect.stringContaining('whole instance'),
      ]);
      expect((await folders(who)).statusCode).toBe(403);
    }
    // The token of the owner of the first workspace, as the command line makes it.
    expect((await own.ask({ url: '/api/v1/jobs' })).statusCode).toBe(200);
    await nameOperatorWorkspace(own.store, own.teamId);
    expect((await jobs(own.founder)).statusCode).toBe(200);
    expect((await jobs(admin)).statusCode).toBe(200);
    expect((await jobs(await own.addMember('manager'))).statusCode).toBe(403);
    expect((await own.ask({ url: '/api/v1/jobs' })).statusCode).toBe(403);
    // Whoever runs it does so from their other workspaces, too; whoever was taken out does not.
    const personal = await own.store.app
      .selectNoFrom(sql<string>`(select workspace_id from account_workspaces(${admin.accountId}) limit 1)`.as('id'))
      .executeTakeFirstOrThrow();
    expect(personal.id).not.toBe(own.teamId);
    await own.founder.ask('POST', `/api/v1/members/${admin.personId}/deactivate`);
    expect((await admin.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ id: personal.id });
    expect((await jobs(admin)).statusCode).toBe(403);
    await own.founder.ask('POST', `/api/v1/members/${admin.personId}/reactivate`);
    await own.close();
  });
});

describe('the command line', () => {
  it('finds a workspace by its address, a former one and its id, and otherwise the one that runs the instance', async () => {
    const own = await openMemberWorld();
    await rename(own.founder, { slug: 'renamed' });
    for (const name of ['rockets', 'renamed', own.teamId])
      expect(await findWorkspace(own.store, name)).toEqual({ workspaceId: own.teamId, ownerId: own.founder.personId });
    await expect(findWorkspace(own.store, 'nowhere')).rejects.toThrow('workspace list');
    expect(await findFirstWorkspace(own.store)).toEqual({ workspaceId: own.workspaceId, ownerId: own.ownerId });
    await nameOperatorWorkspace(own.store, own.teamId);
    expect(await findFirstWorkspace(own.store)).toMatchObject({ workspaceId: own.teamId });
    await own.close();
  });

  it('begins anew where the workspace that ran the instance is gone, and gives nobody else that place', async () => {
    const own = await openMemberWorld();
    await ensureWorkspace(own.store);
    await nameOperatorWorkspace(own.store, newId());
    await expect(findFirstWorkspace(own.store)).rejects.toThrow('gone');
    expect((await own.founder.ask('GET', '/api/v1/jobs')).statusCode).toBe(403);
    await ensureWorkspace(own.store);
    const first = await findFirstWorkspace(own.store);
    expect([own.workspaceId, own.teamId]).not.toContain(first.workspaceId);
    expect((await own.founder.ask('GET', '/api/v1/jobs')).statusCode).toBe(403);
    await own.close();
  });
});

/** Rows of a workspace in every table that has a column for it, by the catalogue; tables without any are left out. */
async function countRows(own: MemberWorld, workspaceId: string): Promise<Record<string, number>> {
  // As the administrator, whom no row is hidden from.
  const login = { ...findTestServer().admin, database: own.store.logins.app.database };
  const client = await openClient(login, 'the test', () => undefined);
  const { rows: tables } = await client.query<{ name: string; key: string }>(
    `select c.oid::regclass::text as name, a.attname as key from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'auth')
     join pg_attribute a on a.attrelid = c.oid and a.attname = case when c.relname = 'workspaces' then 'id' else 'workspace_id' end
     where c.relkind in ('r', 'p') order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name, key } of tables) {
    const { rows } = await client.query<{ n: number }>(`select count(*)::integer as n from ${name} where ${key} = $1`, [
      workspaceId,
    ]);
    if ((rows[0]?.n ?? 0) > 0) counts[name] = rows[0]?.n ?? 0;
  }
  await client.end();
  return counts;
}
