import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StartedTwoFactor } from '@devpulse/contract/wire/sign-in';
import { findAccountByEmail, makeResetToken, stopTwoFactor } from './help-account.ts';
import { type AccountApp, ada, openAccountApp } from './testing/account-app.ts';
import { showCode } from './testing/totp.ts';
import { openVisitor, type Visitor } from './testing/visitor.ts';

let api: AccountApp;
let owner: Visitor;
let started: StartedTwoFactor;
beforeAll(async () => {
  api = await openAccountApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.asOwner('delete from limit_buckets; delete from auth.two_factor; delete from auth."user"');
  owner = openVisitor(api);
  await owner.send('POST', '/api/v1/setup', { token: await api.link(), ...ada });
  started = (await owner.send('POST', '/api/v1/account/two-factor', { password: ada.password })).json();
});

const confirm = (code: string) => owner.send('POST', '/api/v1/account/two-factor/confirm', { code });
const switchOn = async () => expect((await confirm(showCode(started.secret))).statusCode).toBe(204);
const signIn = (visitor: Visitor) =>
  visitor.send('POST', '/api/v1/session', { email: ada.email, password: ada.password });
const giveCode = (visitor: Visitor, code: string, trust = false) =>
  visitor.send('POST', '/api/v1/session/second-factor', { code, trust });
const means = async () => (await owner.send('GET', '/api/v1/account/sign-in')).json<object>();
/** The code that follows, which is taken already: the one of this moment was used to switch it on. */
const nextCode = () => showCode(started.secret, Date.now() + 30_000);
const wrongCode = () => String((Number(showCode(started.secret)) + 1) % 1_000_000).padStart(6, '0');

describe('two-factor sign-in', () => {
  it('is on only after a first right code, and replaces the session by a new one', async () => {
    expect(started.uri).toMatch(/^otpauth:\/\/totp\/DevPulse[:%].*secret=/);
    expect(new Set(started.recoveryCodes).size).toBe(10);
    for (const code of started.recoveryCodes) expect(code).toMatch(/^[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}$/);
    expect(await means()).toMatchObject({ twoFactor: { on: false, recoveryCodesLeft: null } });
    expect((await signIn(openVisitor(api))).statusCode).toBe(201);
    const wrong = await confirm(wrongCode());
    expect([wrong.statusCode, wrong.json<{ problems: { path: string }[] }>().problems[0]?.path]).toEqual([
      400,
      'body.code',
    ]);
    const before = owner.cookies.get('devpulse_session_3000');
    await switchOn();
    expect(owner.cookies.get('devpulse_session_3000')).not.toBe(before);
    expect(await means()).toMatchObject({ twoFactor: { on: true, recoveryCodesLeft: 10 } });
  });

  it('asks for a code after the right password, and lets nobody in before', async () => {
    await switchOn();
    const visitor = openVisitor(api);
    const half = await signIn(visitor);
    expect([half.statusCode, half.json()]).toMatchObject([202, { state: 'second_factor', account: null }]);
    expect([...visitor.cookies.keys()]).toEqual(['devpulse.two_factor']);
    expect((await visitor.send('GET', '/api/v1/me')).statusCode).toBe(401);
    expect((await giveCode(visitor, wrongCode())).statusCode).toBe(401);
    const whole = await giveCode(visitor, nextCode());
    expect([whole.statusCode, whole.json()]).toMatchObject([201, { state: 'signed_in', account: { name: ada.name } }]);
    expect((await visitor.send('GET', '/api/v1/me')).statusCode).toBe(200);
    // The half-way ticket was used up.
    expect((await giveCode(visitor, showCode(started.secret))).statusCode).toBe(403);
  });

  it('takes each recovery code once, also when two come at once', async () => {
    await switchOn();
    const [code = '', other = ''] = started.recoveryCodes;
    const visitors = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const visitor = openVisitor(api);
        await signIn(visitor);
        return visitor;
      }),
    );
    const answers = await Promise.all(visitors.map((visitor) => giveCode(visitor, code)));
    expect(answers.filter((answer) => answer.statusCode === 201)).toHaveLength(1);
    for (const answer of answers) expect([201, 401, 409]).toContain(answer.statusCode);
    const late = openVisitor(api);
    await signIn(late);
    expect((await giveCode(late, code)).statusCode).toBe(401);
    // As somebody types it who wrote it down.
    expect((await giveCode(late, ` ${other.toUpperCase().replace('-', ' ')}`)).statusCode).toBe(201);
    expect(await means()).toMatchObject({ twoFactor: { recoveryCodesLeft: 8 } });
  });

  it('asks a browser that was trusted for no code, and no other', async () => {
    await switchOn();
    const trusted = openVisitor(api);
    await signIn(trusted);
    await giveCode(trusted, nextCode(), true);
    await trusted.send('DELETE', '/api/v1/session');
    expect((await signIn(trusted)).statusCode).toBe(201);
    expect((await signIn(openVisitor(api))).statusCode).toBe(202);
    const forged = openVisitor(api);
    for (const [name, value] of trusted.cookies)
      if (name !== 'devpulse_session_3000') forged.cookies.set(name, `x${value}`);
    expect((await signIn(forged)).statusCode).toBe(202);
  });

  it('forgets which browsers were trusted with a new password, by whatever way, and when signing out everywhere', async () => {
    await switchOn();
    const trusted = openVisitor(api);
    const trust = async (password: string, code: string): Promise<void> => {
      await trusted.send('POST', '/api/v1/session', { email: ada.email, password });
      expect((await giveCode(trusted, code, true)).statusCode).toBe(201);
      await trusted.send('DELETE', '/api/v1/session');
      expect(await isTrusted(password)).toBe(true);
    };
    const isTrusted = async (password: string): Promise<boolean> => {
      const answer = await trusted.send('POST', '/api/v1/session', { email: ada.email, password });
      if (answer.statusCode === 201) await trusted.send('DELETE', '/api/v1/session');
      return answer.statusCode === 201;
    };
    await trust(ada.password, started.recoveryCodes[0] ?? '');
    const change = { current: ada.password, password: 'the second password' };
    expect((await owner.send('PUT', '/api/v1/account/password', change)).statusCode).toBe(204);
    expect(await isTrusted('the second password')).toBe(false);

    await trust('the second password', started.recoveryCodes[1] ?? '');
    const account = await findAccountByEmail(api.store, ada.email);
    const token = await makeResetToken(api.store, api.deps.keyring, account?.id ?? '');
    const reset = { token, password: 'the third password' };
    expect((await trusted.send('POST', '/api/v1/password-reset/confirm', reset)).statusCode).toBe(204);
    expect(await isTrusted('the third password')).toBe(false);

    await trust('the third password', started.recoveryCodes[2] ?? '');
    const other = openVisitor(api);
    await other.send('POST', '/api/v1/session', { email: ada.email, password: 'the third password' });
    await giveCode(other, started.recoveryCodes[3] ?? '');
    expect((await other.send('POST', '/api/v1/me/sessions/end-others')).statusCode).toBe(200);
    expect(await isTrusted('the third password')).toBe(false);
  });

  it('takes each code of the app once, also when two come at once, and not the one it was switched on with', async () => {
    await switchOn();
    const halfway = async (): Promise<Visitor> => {
      const visitor = openVisitor(api);
      await signIn(visitor);
      return visitor;
    };
    const early = await halfway();
    expect((await giveCode(early, showCode(started.secret))).statusCode).toBe(401);
    expect((await early.send('GET', '/api/v1/me')).statusCode).toBe(401);
    const visitors = [await halfway(), await halfway(), await halfway()];
    const code = nextCode();
    const answers = await Promise.all(visitors.map((visitor) => giveCode(visitor, code)));
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([201, 401, 401]);
    const { rows } = await sql<{ open: number }>`
      select count(*)::integer as open from auth.session where revoked_at is null and created_at > now() - interval '1 hour'`.execute(
      api.store.auth,
    );
    // The owner's, and that of the one who came first.
    expect(rows).toEqual([{ open: 2 }]);
  });

  it('gives up after five wrong codes, and locks the account’s codes after ten', async () => {
    await switchOn();
    const tries = async (visitor: Visitor): Promise<number[]> => {
      await signIn(visitor);
      const statuses: number[] = [];
      for (let count = 0; count < 6; count += 1) statuses.push((await giveCode(visitor, wrongCode())).statusCode);
      return statuses;
    };
    expect(await tries(openVisitor(api))).toEqual([401, 401, 401, 401, 401, 403]);
    expect(await tries(openVisitor(api))).toEqual([401, 401, 401, 401, 401, 429]);
    const right = openVisitor(api);
    await signIn(right);
    const locked = await giveCode(right, showCode(started.secret));
    expect([locked.statusCode, locked.headers['retry-after']]).toEqual([429, '900']);
  });

  it('is switched off, and its recovery codes are made anew, by the password only', async () => {
    await switchOn();
    for (const url of ['/api/v1/account/two-factor/off', '/api/v1/account/two-factor/recovery-codes']) {
      const answer = await owner.send('POST', url, { password: 'not the password' });
      expect([answer.statusCode, answer.json<{ problems: { path: string }[] }>().problems[0]?.path]).toEqual([
        400,
        'body.password',
      ]);
    }
    const url = '/api/v1/account/two-factor/recovery-codes';
    const made = (await owner.send('POST', url, { password: ada.password })).json<{ recoveryCodes: string[] }>();
    expect(made.recoveryCodes).toHaveLength(10);
    expect(made.recoveryCodes).not.toContain(started.recoveryCodes[0]);
    expect((await owner.send('POST', '/api/v1/account/two-factor/off', { password: ada.password })).statusCode).toBe(
      204,
    );
    expect(await means()).toMatchObject({ twoFactor: { on: false } });
    expect((await signIn(openVisitor(api))).statusCode).toBe(201);
  });

  it('is switched off by whoever runs the machine, for somebody who lost everything', async () => {
    await switchOn();
    const account = await findAccountByEmail(api.store, 'ADA@example.org');
    expect(account).toMatchObject({ name: ada.name, twoFactor: true });
    await stopTwoFactor(api.store, account?.id ?? '');
    expect((await signIn(openVisitor(api))).statusCode).toBe(201);
    expect(await means()).toMatchObject({ twoFactor: { on: false } });
  });

  it('keeps neither secret nor recovery codes readable, nor where they could be put into another row', async () => {
    await switchOn();
    const { rows } = await sql<{ id: string; secret: string; backup_codes: string }>`
      select id, secret, backup_codes from auth.two_factor`.execute(api.store.auth);
    const row = rows[0];
    const place = { workspaceId: null, table: 'auth.two_factor', column: 'secret', row: row?.id ?? '' };
    expect(row?.secret).toMatch(/^v1\./);
    expect(() => api.deps.keyring.open(row?.secret ?? '', place)).not.toThrow();
    expect(() => api.deps.keyring.open(row?.secret ?? '', { ...place, row: 'another' })).toThrow(
      /cannot be read|another|opened|changed/,
    );
    expect(() => api.deps.keyring.open(row?.backup_codes ?? '', place)).toThrow(
      /cannot be read|another|opened|changed/,
    );
    expect(JSON.stringify(rows)).not.toContain(started.recoveryCodes[0]);
  });

  it('stands in the audit log', async () => {
    await switchOn();
    const visitor = openVisitor(api);
    await signIn(visitor);
    await giveCode(visitor, started.recoveryCodes[0] ?? '');
    const actions = await api.store.inWorkspace(api.workspaceId, (trx) =>
      trx.selectFrom('audit_entries').select('action').orderBy('seq', 'desc').limit(3).execute(),
    );
    expect(actions.map(({ action }) => action).toSorted()).toEqual([
      'account.recovery_code_used',
      'account.signed_in',
      'account.two_factor_on',
    ]);
  });
});
