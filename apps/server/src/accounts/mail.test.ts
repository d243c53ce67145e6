import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { openMailer } from '../mail/mailer.ts';
import { type Mailbox, openMailbox } from '../mail/testing/open-mailbox.ts';
import { countMail, countResetMail, mailsPerDay, resetMailsPerHour } from './limit-attempts.ts';
import { type AccountApp, ada, openAccountApp } from './testing/account-app.ts';
import { openVisitor, type Visitor } from './testing/visitor.ts';

const publicUrl = 'https://pulse.example.org';
let mailbox: Mailbox;
let api: AccountApp;
let owner: Visitor;
beforeAll(async () => {
  mailbox = await openMailbox();
  api = await openAccountApp(({ log }) => ({
    publicUrl,
    mailer: openMailer({ smtpUrl: mailbox.url, from: 'devpulse@example.org' }, log),
  }));
});
afterAll(async () => {
  await api.close();
  await mailbox.close();
});
beforeEach(async () => {
  await api.asOwner('delete from limit_buckets; delete from auth."user"; delete from auth.verification');
  owner = openVisitor(api);
  await owner.send('POST', '/api/v1/setup', { token: await api.link(), ...ada });
  // The set-up asks for a proof of the address by itself.
  expect((await mailbox.next()).text).toContain('/confirm#');
});

const forget = (email: string) => openVisitor(api).send('POST', '/api/v1/password-reset', { email });
const reset = (token: string, password: string) =>
  openVisitor(api).send('POST', '/api/v1/password-reset/confirm', { token, password });
const signIn = (password: string) => openVisitor(api).send('POST', '/api/v1/session', { email: ada.email, password });
const means = async () => (await owner.send('GET', '/api/v1/account/sign-in')).json<SignInMeans>();
const linkIn = (text: string, path: string): string =>
  new RegExp(`^${publicUrl}/${path}#(\\S+)$`, 'm').exec(text)?.[1] ?? '';

describe('a forgotten password', () => {
  it('is set anew by the mailed link, which ends all sessions', async () => {
    expect((await forget('ADA@example.org')).statusCode).toBe(204);
    const mail = await mailbox.next();
    expect(mail.headers).toContain(`To: ${ada.email}`);
    const token = linkIn(mail.text, 'reset');
    expect(token.length).toBeGreaterThanOrEqual(24);
    expect((await reset(token, 'short')).statusCode).toBe(400);
    expect((await reset(token, 'the second password')).statusCode).toBe(204);
    expect((await owner.send('GET', '/api/v1/me')).statusCode).toBe(401);
    expect((await signIn(ada.password)).statusCode).toBe(401);
    expect((await signIn('the second password')).statusCode).toBe(201);
    const again = await reset(token, 'the third password');
    expect([again.statusCode, again.json()]).toMatchObject([
      403,
      { detail: expect.stringContaining('link') as string },
    ]);
  });

  it('is not mailed about more than a few times an hour, whoever asks and from wherever', async () => {
    const ask = async (address: string): Promise<number> =>
      (
        await api.send('POST', '/api/v1/password-reset', {
          payload: { email: 'ADA@example.org' },
          headers: { 'sec-fetch-site': 'same-origin' },
          address,
        })
      ).statusCode;
    for (let times = 0; times < resetMailsPerHour; times += 1) {
      expect(await ask(`192.0.2.${times}`)).toBe(204);
      expect((await mailbox.next()).text).toContain('/reset#');
    }
    expect(await countResetMail(api.store, ada.email)).toBe(false);
    const arrived = mailbox.mails.length;
    expect(await ask('192.0.2.200')).toBe(204);
    // What was asked for later arrives, so that what was asked for before it was not mailed.
    expect((await owner.send('POST', '/api/v1/account/email/confirmation')).statusCode).toBe(204);
    expect((await mailbox.next()).text).toContain('/confirm#');
    expect(mailbox.mails).toHaveLength(arrived + 1);
  });

  it('leaves no other link behind that sets one, and nor does a new password or another address', async () => {
    const links = async (): Promise<string[]> => {
      for (const _ of [1, 2]) await forget(ada.email);
      return [await mailbox.next(), await mailbox.next()].map((mail) => linkIn(mail.text, 'reset'));
    };
    const [used = '', left = ''] = await links();
    expect((await reset(used, 'the second password')).statusCode).toBe(204);
    expect((await reset(left, 'the third password')).statusCode).toBe(403);
    const before = await links();
    await owner.send('POST', '/api/v1/session', { email: ada.email, password: 'the second password' });
    const change = { current: 'the second password', password: 'the fourth password' };
    expect((await owner.send('PUT', '/api/v1/account/password', change)).statusCode).toBe(204);
    for (const token of before) expect((await reset(token, 'the fifth password')).statusCode).toBe(403);
    const [mailed = ''] = await links();
    const move = { email: 'new@example.org', password: 'the fourth password' };
    expect((await owner.send('PUT', '/api/v1/account/email', move)).statusCode).toBe(200);
    await mailbox.next();
    await mailbox.next();
    expect((await reset(mailed, 'the sixth password')).statusCode).toBe(403);
  });

  it('leaves no way in to whoever entered the address before it was shown whose it is', async () => {
    const prepare = (isConfirmed: boolean) =>
      api.asOwner(`
        delete from auth.passkey; delete from auth.account where provider_id = 'github';
        update auth."user" set email_verified = ${String(isConfirmed)};
        insert into auth.account (id, user_id, provider_id, account_id) select gen_random_uuid(), id, 'github', '7' from auth."user";
        insert into auth.passkey (id, user_id, public_key, credential_id, counter, device_type, backed_up)
        select gen_random_uuid(), id, 'k', 'c', 0, 'singleDevice', false from auth."user"`);
    const waysAfterReset = async (password: string) => {
      await forget(ada.email);
      expect((await reset(linkIn((await mailbox.next()).text, 'reset'), password)).statusCode).toBe(204);
      await owner.send('POST', '/api/v1/session', { email: ada.email, password });
      const { passkeys, github, hasPassword } = await means();
      return { passkeys: passkeys.length, github: github.length, hasPassword };
    };
    await prepare(false);
    expect(await waysAfterReset('the second password')).toEqual({ passkeys: 0, github: 0, hasPassword: true });
    await prepare(true);
    expect(await waysAfterReset('the third password')).toEqual({ passkeys: 1, github: 1, hasPassword: true });
  });

  it('gets the same answer for an address of nobody, and no mail', async () => {
    const before = mailbox.mails.length;
    const [known, nobody] = [await forget(ada.email), await forget('nobody@example.org')];
    expect([nobody.statusCode, nobody.body, nobody.headers['content-type']]).toEqual([
      known.statusCode,
      known.body,
      known.headers['content-type'],
    ]);
    await mailbox.next();
    expect(mailbox.mails).toHaveLength(before + 1);
  });

  it('counts as attempts do, so that nobody can be flooded with mail', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) statuses.push((await forget('nobody@example.org')).statusCode);
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });

  it('names the configured address in its link, whatever host the request named', async () => {
    await openVisitor(api, { host: 'evil.example.org' }).send('POST', '/api/v1/password-reset', { email: ada.email });
    const mail = await mailbox.next();
    expect(mail.text).toContain(`${publicUrl}/reset#`);
    expect(mail.text).not.toContain('evil');
  });

  it('keeps no token readable in the store', async () => {
    await forget(ada.email);
    const token = linkIn((await mailbox.next()).text, 'reset');
    const { rows } = await sql`select row_to_json(v) as row from auth.verification v`.execute(api.store.auth);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(api.lines.join('')).not.toContain(token);
  });

  it('says what to do where nothing can be mailed', async () => {
    const plain = await openAccountApp();
    const answer = await plain.send('POST', '/api/v1/password-reset', { payload: { email: ada.email } });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { code: 'not_configured', detail: expect.stringMatching(/SMTP_URL.*account link/) as string },
    ]);
    expect((await plain.send('GET', '/api/v1/session')).json()).toMatchObject({ offers: { mail: false } });
    await plain.close();
  });
});

describe('an address', () => {
  it('is confirmed by the mailed link', async () => {
    expect(await means()).toMatchObject({ email: ada.email, emailConfirmed: false });
    expect((await owner.send('POST', '/api/v1/account/email/confirmation')).statusCode).toBe(204);
    const token = linkIn((await mailbox.next()).text, 'confirm');
    const confirm = () => openVisitor(api).send('POST', '/api/v1/email-confirmation', { token });
    expect((await confirm()).statusCode).toBe(204);
    expect(await means()).toMatchObject({ emailConfirmed: true });
    expect((await owner.send('POST', '/api/v1/account/email/confirmation')).statusCode).toBe(409);
    const forged = await openVisitor(api).send('POST', '/api/v1/email-confirmation', { token: `${token}x` });
    expect(forged.statusCode).toBe(403);
  });

  it('is not written to without end', async () => {
    const { account } = (await owner.send('GET', '/api/v1/session')).json<{ account: { id: string } }>();
    for (let count = 0; count < mailsPerDay; count += 1) await countMail(api.store, account.id);
    const mails = mailbox.mails.length;
    const answer = await owner.send('POST', '/api/v1/account/email/confirmation');
    expect([answer.statusCode, mailbox.mails.length]).toEqual([429, mails]);
  });

  it('says so when the mail server does not take the mail', async () => {
    const broken = await openAccountApp(({ log }) => ({
      publicUrl,
      mailer: openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'devpulse@example.org' }, log),
    }));
    const visitor = openVisitor(broken);
    await visitor.send('POST', '/api/v1/setup', { token: await broken.link(), ...ada });
    const answer = await visitor.send('POST', '/api/v1/account/email/confirmation');
    expect([answer.statusCode, answer.json()]).toMatchObject([502, { code: 'mail_failed', retry: true }]);
    await broken.close();
  });

  it('is changed by the password, and is to be confirmed anew', async () => {
    await api.asOwner('update auth."user" set email_verified = true');
    const change = (body: object) => owner.send('PUT', '/api/v1/account/email', body);
    expect((await change({ email: 'new@example.org', password: 'not the password' })).statusCode).toBe(400);
    expect((await change({ email: 'new@example.org' })).statusCode).toBe(400);
    expect((await change({ email: 'New@example.org', password: ada.password })).json()).toMatchObject({
      email: 'new@example.org',
      emailConfirmed: false,
    });
    const mails = [await mailbox.next(), await mailbox.next()];
    const mailTo = (address: string) => mails.find((mail) => mail.headers.includes(`To: ${address}`))?.text;
    expect(mailTo('new@example.org')).toContain('/confirm#');
    // Whoever had the account is told, with nothing that would help whoever has it now.
    expect(mailTo(ada.email)).toMatch(/has another one now/);
    expect(mailTo(ada.email)).not.toMatch(/new@example\.org|#/);
    expect((await signIn(ada.password)).statusCode).toBe(401);
    const { rows } = await sql`select row_to_json(u) as row from auth."user" u`.execute(api.store.auth);
    expect(JSON.stringify(rows)).toContain('new@example.org');
  });

  it('is nobody else’s', async () => {
    await api.asOwner(
      `insert into auth."user" (id, name, email) values ('00000000-0000-7000-8000-000000000009', 'Eve', 'eve@example.org')`,
    );
    const answer = await owner.send('PUT', '/api/v1/account/email', {
      email: 'eve@example.org',
      password: ada.password,
    });
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { code: 'conflict' }]);
  });
});

describe('a password', () => {
  it('is changed by the present one, which ends the other sessions and renews this one', async () => {
    const other = openVisitor(api);
    await other.send('POST', '/api/v1/session', { email: ada.email, password: ada.password });
    const change = (body: object) => owner.send('PUT', '/api/v1/account/password', body);
    expect((await change({ current: 'not the password', password: 'another password' })).statusCode).toBe(400);
    expect((await change({ password: 'another password' })).statusCode).toBe(409);
    const before = owner.cookies.get('devpulse_session_3000');
    expect((await change({ current: ada.password, password: 'another password' })).statusCode).toBe(204);
    expect(owner.cookies.get('devpulse_session_3000')).not.toBe(before);
    expect((await owner.send('GET', '/api/v1/me')).statusCode).toBe(200);
    expect((await other.send('GET', '/api/v1/me')).statusCode).toBe(401);
    expect((await signIn('another password')).statusCode).toBe(201);
  });
});
