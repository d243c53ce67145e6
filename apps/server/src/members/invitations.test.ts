import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InvitationList, SentInvitation, ShownInvitation } from '@devpulse/contract/wire/members';
import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { openLog } from '../log.ts';
import { openMailer } from '../mail/mailer.ts';
import { type Mailbox, openMailbox } from '../mail/testing/open-mailbox.ts';
import { type MemberWorld, openMemberWorld, type Somebody } from './testing/member-world.ts';

let world: MemberWorld;
beforeAll(async () => {
  world = await openMemberWorld();
});
afterAll(() => world.close());

interface Invited extends SentInvitation {
  secret: string;
}

async function invite(payload: object, by: Somebody = world.founder): Promise<Invited> {
  const answer = await by.ask('POST', '/api/v1/invitations', payload);
  expect(answer.statusCode, answer.body).toBe(201);
  const sent = answer.json<SentInvitation>();
  return { ...sent, secret: sent.link?.split('#')[1] ?? '' };
}

const accept = (by: Somebody, secret: string) => by.ask('POST', '/api/v1/invitations/accept', { secret });
const asNobody = (url: string, payload: object, address = '192.0.2.7'): Promise<LightMyRequestResponse> =>
  world.app.inject({
    method: 'POST',
    url,
    payload,
    remoteAddress: address,
    headers: { 'sec-fetch-site': 'same-origin' },
  });
const look = (secret: string) => asNobody('/api/v1/invitations/look', { secret });
const codeOf = (answer: LightMyRequestResponse) => [answer.statusCode, answer.json<{ code: string }>().code];

async function members(): Promise<number> {
  const rows = await inTeam('select count(*)::integer as n from people_members');
  return (rows[0] as { n: number }).n;
}

/** As the application sees the team's workspace. */
async function inTeam(statement: string): Promise<unknown[]> {
  const { rows } = await world.store.inWorkspace(world.teamId, (trx) => sql.raw(statement).execute(trx));
  return rows;
}

/** For the tables of signing in, which the application may not touch. */
async function asOwner(statement: string): Promise<unknown[]> {
  const client = await openClient(world.store.logins.owner, 'the test', () => undefined);
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

describe('an invitation by link', () => {
  it('makes nobody a member before it is accepted, and whoever holds it one afterwards', async () => {
    const before = await members();
    const { secret, link, invitation } = await invite({ kind: 'link', role: 'manager' });
    expect(link).toMatch(/^http:\/\/[^#]+\/join#[\w-]{43}$/);
    expect(invitation).toMatchObject({ kind: 'link', recipient: null, role: 'manager', state: 'open', mailedAt: null });
    expect(await members()).toBe(before);

    expect((await look(secret)).json<ShownInvitation>()).toMatchObject({
      state: 'valid',
      workspace: 'Rocket team',
      invitedBy: 'Founder',
      role: 'manager',
      recipient: null,
    });
    const bob = await world.addStranger({ name: 'Bob' });
    expect((await bob.ask('GET', '/api/v1/workspace')).json()).toMatchObject({ kind: 'personal' });
    const joined = await accept(bob, secret);
    expect(joined.json()).toMatchObject({ workspaceId: world.teamId });
    // The session acts there now.
    expect((await bob.ask('GET', '/api/v1/me')).json()).toMatchObject({
      name: 'Bob',
      role: 'manager',
      workspaceId: world.teamId,
    });
    expect(await members()).toBe(before + 1);
    expect((await world.audit()).at(-1)).toMatchObject({
      action: 'member.joined',
      actor_person_id: joined.json<{ personId: string }>().personId,
    });
  });

  it('counts once, also for two who accept at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { secret } = await invite({ kind: 'link', role: 'member' });
      const both = [await world.addStranger(), await world.addStranger()];
      const before = await members();
      const answers = await Promise.all(both.map((one) => accept(one, secret)));
      expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
      expect(await members()).toBe(before + 1);
      expect((await look(secret)).json()).toMatchObject({ state: 'accepted' });
    }
  });

  it('is kept as a hash, in no list and in no log', async () => {
    const { secret } = await invite({ kind: 'link', role: 'member' });
    await look(secret);
    const list = (await world.founder.ask('GET', '/api/v1/invitations')).body;
    expect(list).not.toContain(secret);
    expect(world.lines.join('\n')).not.toContain(secret);
    const rows = await inTeam(
      `select i::text as row from invitations i union all select a::text from audit_entries a where a.action = 'invitation.sent'`,
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await look(`${secret.slice(0, -1)}x`)).statusCode).toBe(404);
    expect((await look('x'.repeat(43))).statusCode).toBe(404);
  });

  it('is over after seven days, when it is taken back or declined, and says so', async () => {
    const states: [string, (sent: Invited) => Promise<unknown>][] = [
      ['expired', (sent) => inTeam(`update invitations set expires_at = now() where id = '${sent.invitation.id}'`)],
      ['revoked', (sent) => world.founder.ask('DELETE', `/api/v1/invitations/${sent.invitation.id}`)],
      ['declined', (sent) => asNobody('/api/v1/invitations/decline', { secret: sent.secret })],
    ];
    for (const [state, end] of states) {
      const sent = await invite({ kind: 'link', role: 'member' });
      const days = (Date.parse(sent.invitation.expiresAt) - Date.parse(sent.invitation.createdAt)) / 86_400_000;
      expect(days).toBe(7);
      await end(sent);
      expect((await look(sent.secret)).json()).toMatchObject({ state });
      expect(codeOf(await accept(await world.addStranger(), sent.secret)), state).toEqual([409, 'conflict']);
    }
  });

  it('is worth nothing any more once it was renewed', async () => {
    const first = await invite({ kind: 'link', role: 'member' });
    const answer = await world.founder.ask('POST', `/api/v1/invitations/${first.invitation.id}/renew`);
    const secret = answer.json<SentInvitation>().link?.split('#')[1] ?? '';
    const guest = await world.addStranger();
    expect((await accept(guest, first.secret)).statusCode).toBe(404);
    expect((await accept(guest, secret)).statusCode).toBe(200);
    expect((await world.founder.ask('POST', `/api/v1/invitations/${first.invitation.id}/renew`)).statusCode).toBe(409);
  });

  it('is refused to whoever is a member, and not used up by that', async () => {
    const { secret } = await invite({ kind: 'link', role: 'owner' });
    const admin = await world.addMember('admin');
    expect(codeOf(await accept(admin, secret))).toEqual([409, 'conflict']);
    expect((await admin.ask('GET', '/api/v1/me')).json()).toMatchObject({ role: 'admin' });
    expect((await look(secret)).json()).toMatchObject({ state: 'valid' });
  });
});

describe('an invitation into a team', () => {
  it('puts whoever accepts into it from today on, and passes over a team that is gone', async () => {
    const [team, gone] = [newId(), newId()];
    for (const id of [team, gone])
      await inTeam(
        `insert into teams (workspace_id, id, name, slug) values ('${world.teamId}', '${id}', 'Engines', '${id}')`,
      );
    const secrets = [];
    for (const teamId of [team, gone]) secrets.push((await invite({ kind: 'link', role: 'member', teamId })).secret);
    await inTeam(`update teams set archived_at = now() where id = '${gone}'`);
    const guests = [];
    for (const secret of secrets) {
      const joined = await accept(await world.addStranger(), secret);
      expect(joined.statusCode).toBe(200);
      guests.push(joined.json<{ personId: string }>().personId);
    }
    const stays = await inTeam(
      `select person_id, team_id, duty, until_day, from_day = current_date as today from team_people`,
    );
    expect(stays).toEqual([{ person_id: guests[0], team_id: team, duty: 'member', until_day: null, today: true }]);
  });
});

describe('an invitation into a team that is not there', () => {
  it('is not made: neither for one of nobody, nor for one of another workspace or one in the archive', async () => {
    const archived = newId();
    await inTeam(
      `insert into teams (workspace_id, id, name, slug, archived_at) values ('${world.teamId}', '${archived}', 'Old', 'old', now())`,
    );
    const other = await world.addWorkspace();
    const theirs = newId();
    await world.store.inWorkspace(other.workspaceId, (trx) =>
      trx
        .insertInto('teams')
        .values({ workspace_id: other.workspaceId, id: theirs, name: 'Theirs', slug: 'theirs' })
        .execute(),
    );
    for (const teamId of [newId(), archived, theirs]) {
      const answer = await world.founder.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member', teamId });
      expect([answer.statusCode, answer.json()]).toMatchObject([
        400,
        { code: 'invalid_request', problems: [{ path: 'body.teamId' }] },
      ]);
    }
  });
});

describe('an invitation by address', () => {
  it('is only accepted by the account that has it verified; others are told what to do', async () => {
    const { secret, link, mailFault } = await invite({ kind: 'email', email: 'Dora@Example.org', role: 'member' });
    expect([link, mailFault]).toEqual([expect.any(String), null]);
    const other = await accept(await world.addStranger({ email: 'eve@example.org' }), secret);
    expect(codeOf(other)).toEqual([403, 'forbidden']);
    expect(other.json()).toMatchObject({
      detail:
        'This invitation is for dora@example.org, which is not the address of this account. Sign in with the account that has it. Founder can instead make a link that anyone may accept.',
    });
    const unverified = await world.addStranger({ email: 'dora@example.org', confirmed: false });
    const refused = await accept(unverified, secret);
    expect(refused.json<{ detail: string }>().detail).toContain('not verified yet');
    await asOwner(`update auth."user" set email_verified = true where id = '${unverified.accountId}'`);
    expect((await accept(unverified, secret)).statusCode).toBe(200);
  });

  it('cannot be accepted twice by way of another account with the same address', async () => {
    const { secret } = await invite({ kind: 'email', email: 'fay@example.org', role: 'member' });
    const signUp = { secret, name: 'Fay', email: 'fay@example.org', password: 'a long enough one' };
    // A link that was shown to the inviter proves no address.
    expect(codeOf(await asNobody('/api/v1/invitations/sign-up', signUp))).toEqual([403, 'forbidden']);
    const rows = await asOwner(`select 1 from auth."user" where email = 'fay@example.org'`);
    expect(rows).toEqual([]);
  });
});

describe('an invitation by GitHub login', () => {
  it('is only accepted by an account that signed in with it', async () => {
    const { secret } = await invite({ kind: 'github', login: 'OctoCat', role: 'member' });
    const cat = await world.addStranger();
    const refused = await accept(cat, secret);
    expect(codeOf(refused)).toEqual([403, 'forbidden']);
    expect(refused.json<{ detail: string }>().detail).toContain('GitHub login octocat');
    await asOwner(
      `insert into auth.account (id, user_id, provider_id, account_id, login)
       values (gen_random_uuid(), '${cat.accountId}', 'github', '583231', 'Octocat')`,
    );
    expect((await accept(cat, secret)).statusCode).toBe(200);
  });

  it('lets nobody make an account with a password', async () => {
    const { secret } = await invite({ kind: 'github', login: 'hubot', role: 'member' });
    const signUp = { secret, name: 'Hubot', email: 'hubot@example.org', password: 'a long enough one' };
    const refused = await asNobody('/api/v1/invitations/sign-up', signUp);
    expect(codeOf(refused)).toEqual([403, 'forbidden']);
    expect(refused.json<{ detail: string }>().detail).toContain('go on with GitHub');
  });

  it.each(['-cat', 'cat-', 'a--b', 'c at', 'x'.repeat(40), ''])(
    'takes no login that GitHub would not: "%s"',
    async (login) => {
      const answer = await world.founder.ask('POST', '/api/v1/invitations', { kind: 'github', login, role: 'member' });
      expect(answer.statusCode).toBe(400);
    },
  );
});

describe('signing up through an invitation', () => {
  it('makes an account with a personal workspace, signed in where it was invited to', async () => {
    const { secret } = await invite({ kind: 'link', role: 'member' });
    const answer = await asNobody('/api/v1/invitations/sign-up', {
      secret,
      name: 'Grace',
      email: 'Grace@example.org',
      password: 'a long enough one',
      zone: 'America/New_York',
    });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.json()).toMatchObject({
      state: 'signed_in',
      account: { name: 'Grace', email: 'grace@example.org' },
      workspace: { id: world.teamId, role: 'member' },
      workspaces: expect.arrayContaining([expect.objectContaining({ kind: 'personal', role: 'owner' })]) as unknown,
    });
    const cookie = String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
    const me = await world.app.inject({ url: '/api/v1/me', headers: { cookie } });
    expect(me.json()).toMatchObject({ name: 'Grace', zone: 'America/New_York' });
    const again = await asNobody('/api/v1/invitations/sign-up', {
      secret: (await invite({ kind: 'link', role: 'member' })).secret,
      name: 'Grace',
      email: 'grace@example.org',
      password: 'a long enough one',
    });
    expect(codeOf(again)).toEqual([409, 'conflict']);
  });

  it('leaves no account behind for the second of two with one link', async () => {
    const { secret } = await invite({ kind: 'link', role: 'member' });
    const signUp = (name: string) =>
      asNobody('/api/v1/invitations/sign-up', {
        secret,
        name,
        email: `${name}@example.org`,
        password: 'a long enough one',
      });
    const answers = await Promise.all([signUp('heidi'), signUp('ivan')]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const rows = await asOwner(
      `select email from auth."user" where email in ('heidi@example.org', 'ivan@example.org')`,
    );
    expect(rows).toHaveLength(1);
  });

  it('is for nobody without one', async () => {
    const answer = await asNobody('/api/v1/invitations/sign-up', {
      secret: 'x'.repeat(43),
      name: 'Mallory',
      email: 'mallory@example.org',
      password: 'a long enough one',
    });
    expect(answer.statusCode).toBe(404);
    const foreign = await world.app.inject({
      method: 'POST',
      url: '/api/v1/invitations/look',
      payload: { secret: 'x'.repeat(43) },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.statusCode).toBe(403);
  });
});

describe('coming back', () => {
  it('is the same person as before, with the role of the new invitation', async () => {
    const bob = await world.addMember('admin', 'Bob the second');
    await bob.ask('POST', '/api/v1/workspace/leave');
    const { secret } = await invite({ kind: 'link', role: 'member' });
    expect((await accept(bob, secret)).json()).toEqual({ workspaceId: world.teamId, personId: bob.personId });
    expect((await bob.ask('GET', '/api/v1/me')).json()).toMatchObject({ id: bob.personId, role: 'member' });
  });

  it('needs more than a link that lies around for whoever was taken out', async () => {
    const bob = await world.addMember('member');
    await world.founder.ask('POST', `/api/v1/members/${bob.personId}/deactivate`);
    const { secret } = await invite({ kind: 'link', role: 'member' });
    expect(codeOf(await accept(bob, secret))).toEqual([403, 'forbidden']);
    const rows = await asOwner(`select email from auth."user" where id = '${bob.accountId}'`);
    const own = await invite({ kind: 'email', email: (rows[0] as { email: string }).email, role: 'member' });
    expect((await accept(bob, own.secret)).statusCode).toBe(200);
  });
});

describe('inviting', () => {
  it('is for owners and admins, and nobody offers more than they may give', async () => {
    const wish = (role: string) => ({ kind: 'link', role });
    for (const role of ['manager', 'member'] as const) {
      const who = await world.addMember(role);
      expect((await who.ask('POST', '/api/v1/invitations', wish('member'))).statusCode).toBe(403);
      expect((await who.ask('GET', '/api/v1/invitations')).statusCode).toBe(403);
    }
    const admin = await world.addMember('admin');
    expect((await admin.ask('POST', '/api/v1/invitations', wish('owner'))).statusCode).toBe(403);
    expect((await admin.ask('POST', '/api/v1/invitations', wish('admin'))).statusCode).toBe(201);
    const forOwner = await invite(wish('owner'));
    expect((await admin.ask('DELETE', `/api/v1/invitations/${forOwner.invitation.id}`)).statusCode).toBe(403);
    expect((await admin.ask('POST', `/api/v1/invitations/${forOwner.invitation.id}/renew`)).statusCode).toBe(403);
  });

  it('into a personal workspace is refused, and an id of another workspace is unknown', async () => {
    const stranger = await world.addStranger();
    const refused = await stranger.ask('POST', '/api/v1/invitations', { kind: 'link', role: 'member' });
    expect(codeOf(refused)).toEqual([409, 'conflict']);
    const { invitation } = await invite({ kind: 'link', role: 'member' });
    expect((await stranger.ask('DELETE', `/api/v1/invitations/${invitation.id}`)).statusCode).toBe(404);
    expect((await stranger.ask('GET', '/api/v1/invitations')).json<InvitationList>().invitations).toEqual([]);
  });
});

describe('with a mail server', () => {
  let box: Mailbox;
  let mailing: MemberWorld;
  beforeAll(async () => {
    box = await openMailbox();
    const log = openLog({ level: 'silent', target: { write: () => undefined } });
    const mailer = openMailer({ smtpUrl: box.url, from: 'devpulse@example.org' }, log);
    mailing = await openMemberWorld(() => ({ mailer, publicUrl: 'https://pulse.example.org' }));
  });
  afterAll(async () => {
    await mailing.close();
  });

  it('the link goes to the address alone, and proves it', async () => {
    const { link, invitation } = await invite(
      { kind: 'email', email: 'judy@example.org', role: 'member' },
      mailing.founder,
    );
    expect([link, invitation.mailedAt]).toEqual([null, expect.any(String)]);
    const mail = await box.next();
    expect(mail.headers).toMatch(/^To: judy@example.org$/m);
    expect(mail.headers).toMatch(/^Subject: Founder invites you to Rocket team on DevPulse$/m);
    const secret = /https:\/\/pulse\.example\.org\/join#([\w-]{43})/.exec(mail.text)?.[1] ?? '';
    const answer = await mailing.app.inject({
      method: 'POST',
      url: '/api/v1/invitations/sign-up',
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { secret, name: 'Judy', email: 'judy@example.org', password: 'a long enough one' },
    });
    expect(answer.statusCode, answer.body).toBe(201);
  });

  it('a name cannot begin another header', async () => {
    await mailing.founder.ask('PATCH', '/api/v1/me', { name: 'Founder\r\nBcc: eve@example.org' });
    await invite({ kind: 'email', email: 'kim@example.org', role: 'member' }, mailing.founder);
    const { headers } = await box.next();
    expect(headers).not.toMatch(/^Bcc:/m);
    expect(headers).toMatch(/^Subject: Founder Bcc: eve@example.org invites you/m);
  });

  it('a mail that nobody takes leaves the link to be handed on', async () => {
    await box.close();
    const { link, mailFault, invitation } = await invite(
      { kind: 'email', email: 'liz@example.org', role: 'member' },
      mailing.founder,
    );
    expect(link).toMatch(/^https:\/\/pulse\.example\.org\/join#/);
    expect(mailFault).toContain('ECONNREFUSED');
    expect(invitation.mailedAt).toBeNull();
  });
});
