import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberList } from '@devpulse/contract/wire/members';
import { createToken } from '../tokens/create-token.ts';
import { type MemberWorld, openMemberWorld, type Somebody, type Teammate } from './testing/member-world.ts';

let world: MemberWorld;
beforeAll(async () => {
  world = await openMemberWorld();
});
afterAll(() => world.close());

const give = (by: Somebody, to: Teammate, role: string) => by.ask('PATCH', `/api/v1/members/${to.personId}`, { role });
const roleOf = async (who: Teammate): Promise<string> => {
  const row = await world.store.inWorkspace(world.teamId, (trx) =>
    trx.selectFrom('people_members').select('role').where('person_id', '=', who.personId).executeTakeFirstOrThrow(),
  );
  return row.role;
};
const rename = (who: Somebody) => who.ask('PATCH', '/api/v1/workspace', { weekStart: 1 });

describe('a role', () => {
  it('counts from the very next request, up and down', async () => {
    const bob = await world.addMember('member');
    expect((await rename(bob)).statusCode).toBe(403);
    expect((await give(world.founder, bob, 'admin')).statusCode).toBe(204);
    expect((await rename(bob)).statusCode).toBe(200);
    expect((await give(world.founder, bob, 'manager')).statusCode).toBe(204);
    const refused = await rename(bob);
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ detail: 'Your role here is manager; this is for: owner, admin.' });
  });

  it('is given by owners and admins alone', async () => {
    const bob = await world.addMember('member');
    for (const role of ['manager', 'member'] as const)
      expect((await give(await world.addMember(role), bob, 'manager')).statusCode).toBe(403);
    expect(await roleOf(bob)).toBe('member');
  });

  it('of an owner is out of the reach of admins, who make none either', async () => {
    const admin = await world.addMember('admin');
    const owner = await world.addMember('owner');
    const bob = await world.addMember('member');
    for (const answer of [
      await give(admin, owner, 'admin'),
      await give(admin, bob, 'owner'),
      await give(admin, admin, 'owner'),
      await admin.ask('POST', `/api/v1/members/${owner.personId}/deactivate`),
    ])
      expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
        403,
        'Only an owner makes owners, and only an owner may change what an owner is.',
      ]);
    expect([await roleOf(owner), await roleOf(bob), await roleOf(admin)]).toEqual(['owner', 'member', 'admin']);
    expect((await give(admin, bob, 'admin')).statusCode).toBe(204);
    await give(world.founder, owner, 'member');
  });

  it('is nobody’s of another workspace to give', async () => {
    const stranger = await world.addStranger();
    const bob = await world.addMember('member');
    expect((await give(stranger, bob, 'admin')).statusCode).toBe(404);
    expect((await stranger.ask('POST', `/api/v1/members/${bob.personId}/deactivate`)).statusCode).toBe(404);
    expect(await roleOf(bob)).toBe('member');
  });

  it('is changed by nobody with a token', async () => {
    const bob = await world.addMember('member');
    const { token } = await createToken({
      store: world.store,
      keyring: world.deps.keyring,
      workspaceId: world.teamId,
      personId: world.founder.personId,
      name: 'test',
      scopes: ['read', 'people', 'operate'],
      expiresAt: null,
    });
    const answer = await world.app.inject({
      method: 'PATCH',
      url: `/api/v1/members/${bob.personId}`,
      headers: { authorization: `Bearer ${token}` },
      payload: { role: 'admin' },
    });
    expect(answer.statusCode).toBe(403);
  });

  it('is written down with who changed it', async () => {
    const bob = await world.addMember('member');
    await give(world.founder, bob, 'manager');
    expect((await world.audit()).at(-1)).toEqual({
      action: 'member.role_changed',
      actor_person_id: world.founder.personId,
      target_id: bob.personId,
    });
    const before = (await world.audit()).length;
    await give(world.founder, bob, 'manager');
    expect(await world.audit()).toHaveLength(before);
  });
});

describe('the last owner', () => {
  it('stays one: cannot leave, be lowered or be deactivated', async () => {
    const lone = await openMemberWorld();
    const { founder } = lone;
    const admin = await lone.addMember('admin');
    expect((await give(founder, founder, 'admin')).statusCode).toBe(409);
    expect((await founder.ask('POST', '/api/v1/workspace/leave')).statusCode).toBe(409);
    expect((await founder.ask('POST', `/api/v1/members/${founder.personId}/deactivate`)).statusCode).toBe(409);
    expect((await admin.ask('POST', `/api/v1/members/${founder.personId}/deactivate`)).statusCode).toBe(403);
    // An owner who is not active any more is none that could be left alone.
    const second = await lone.addMember('owner');
    expect((await founder.ask('POST', `/api/v1/members/${second.personId}/deactivate`)).statusCode).toBe(204);
    expect((await founder.ask('POST', '/api/v1/workspace/leave')).statusCode).toBe(409);
    await lone.close();
  });

  it.each(['lower each other', 'lower themselves', 'leave', 'deactivate each other'] as const)(
    'is left by two owners who %s at once',
    async (act) => {
      const two = await openMemberWorld();
      for (let round = 0; round < 5; round += 1) {
        const one = two.founder;
        const other = await two.addMember('owner');
        const run = (by: Teammate, to: Teammate) => {
          if (act === 'leave') return by.ask('POST', '/api/v1/workspace/leave');
          if (act === 'deactivate each other') return by.ask('POST', `/api/v1/members/${to.personId}/deactivate`);
          return give(by, act === 'lower themselves' ? by : to, 'member');
        };
        const answers = await Promise.all([run(one, other), run(other, one)]);
        const done = answers.filter(({ statusCode }) => statusCode === 204);
        expect(done).toHaveLength(1);
        const owners = await two.store.inWorkspace(two.teamId, (trx) =>
          trx
            .selectFrom('people_members')
            .select('person_id')
            .where('role', '=', 'owner')
            .where('deactivated_at', 'is', null)
            .execute(),
        );
        expect(owners).toHaveLength(1);
        // Back to the founder alone for the next round.
        await two.store.inWorkspace(two.teamId, async (trx) => {
          await trx.deleteFrom('people_members').where('person_id', '=', other.personId).execute();
          await trx
            .updateTable('people_members')
            .set({ role: 'owner', deactivated_at: null, deactivated_by: null })
            .where('person_id', '=', one.personId)
            .execute();
        });
      }
      await two.close();
    },
    60_000,
  );
});

describe('a membership that was ended', () => {
  it('lets neither session nor token act there from the next request, and keeps what was done', async () => {
    const bob = await world.addMember('admin', 'Bob');
    const { token } = await createToken({
      store: world.store,
      keyring: world.deps.keyring,
      workspaceId: world.teamId,
      personId: bob.personId,
      name: 'test',
      scopes: ['read'],
      expiresAt: null,
    });
    const byToken = () => world.app.inject({ url: '/api/v1/workspace', headers: { authorization: `Bearer ${token}` } });
    expect((await byToken()).json()).toMatchObject({ id: world.teamId });
    expect((await bob.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ id: world.teamId });

    const end = `/api/v1/members/${bob.personId}/deactivate`;
    expect((await world.founder.ask('POST', end)).statusCode).toBe(204);
    expect((await byToken()).statusCode).toBe(401);
    // The session goes on in what is still theirs.
    const elsewhere = (await bob.ask('GET', '/api/v1/workspace')).json<{ id: string; kind: string }>();
    expect(elsewhere.kind).toBe('personal');
    const listed = (await world.founder.ask('GET', '/api/v1/members')).json<MemberList>();
    expect(listed.members.find(({ personId }) => personId === bob.personId)).toMatchObject({
      name: 'Bob',
      role: 'admin',
      state: 'deactivated',
      signsIn: true,
      deactivatedAt: expect.any(String) as string,
    });

    expect((await world.founder.ask('POST', end)).statusCode).toBe(204);
    const back = `/api/v1/members/${bob.personId}/reactivate`;
    expect((await world.founder.ask('POST', back)).statusCode).toBe(204);
    expect((await byToken()).statusCode).toBe(200);
    const pauses = await world.store.inWorkspace(world.teamId, (trx) =>
      trx.selectFrom('people_member_pauses').selectAll().where('person_id', '=', bob.personId).execute(),
    );
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toMatchObject({ began_by: world.founder.personId, ended_by: world.founder.personId });
    expect(pauses[0]?.ended_at?.getTime()).toBeGreaterThan(pauses[0]?.began_at.getTime() ?? Infinity);
  });

  it('by leaving is not undone by others', async () => {
    const bob = await world.addMember('member');
    expect((await bob.ask('POST', '/api/v1/workspace/leave')).statusCode).toBe(204);
    const listed = (await world.founder.ask('GET', '/api/v1/members')).json<MemberList>();
    expect(listed.members.find(({ personId }) => personId === bob.personId)).toMatchObject({ state: 'left' });
    const back = await world.founder.ask('POST', `/api/v1/members/${bob.personId}/reactivate`);
    expect(back.statusCode).toBe(409);
    // In the personal workspace where the session is now there is nothing to leave.
    expect((await bob.ask('POST', '/api/v1/workspace/leave')).statusCode).toBe(409);
  });

  it('takes the invitations along that it made', async () => {
    const admin = await world.addMember('admin');
    const sent = await admin.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member' });
    const { invitation } = sent.json<{ invitation: { id: string } }>();
    await give(world.founder, admin, 'member');
    const { invitations } = (await world.founder.ask('GET', '/api/v1/invitations')).json<{
      invitations: { id: string; state: string }[];
    }>();
    expect(invitations.find(({ id }) => id === invitation.id)).toMatchObject({ state: 'revoked' });
  });
});

describe('listing members', () => {
  it('goes page by page through the alphabet, and shows nobody of another workspace', async () => {
    const small = await openMemberWorld();
    for (const name of ['Zoë', 'élan', 'Ada', 'bob']) await small.addMember('member', name);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: MemberList = (await small.founder.ask('GET', `/api/v1/members?limit=2${query}`)).json<MemberList>();
      seen.push(...page.members.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['Ada', 'bob', 'élan', 'Founder', 'Zoë']);
    const stranger = await small.addStranger();
    expect((await stranger.ask('GET', '/api/v1/members')).json<MemberList>().members).toHaveLength(1);
    await small.close();
  });
});
