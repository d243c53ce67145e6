import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '@devpulse/contract/errors';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openLog } from '../log.ts';
import type { LiveKeyring } from '../secrets/open-keyring.ts';
import { openTestKeyring } from '../secrets/testing/test-keyring.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { openAuthenticator } from '../accounts/open-authenticator.ts';
import { revokeToken } from './revoke-token.ts';
import { hashToken, hashWithoutPepper, makeToken, tokenPepper } from './token-format.ts';

let test: TestStore;
let keyring: LiveKeyring;
beforeAll(async () => {
  test = await createTestStore();
  keyring = await openTestKeyring(test.store);
});
afterAll(() => test.close());

const noLog = openLog({ level: 'silent' });

function make(more: Partial<Parameters<typeof createToken>[0]> = {}) {
  const { store, workspaceId, ownerId: personId } = test;
  return createToken({
    store,
    keyring,
    workspaceId,
    personId,
    name: 'laptop',
    scopes: ['read'],
    expiresAt: null,
    ...more,
  });
}

/** A request with this `Authorization`. */
function withHeader(authorization: string | undefined) {
  return {
    method: 'GET',
    protocol: 'http' as const,
    host: 'localhost',
    headers: authorization === undefined ? {} : { authorization },
  };
}

function openDoor(now = () => new Date()) {
  return openAuthenticator({ store: test.store, keyring, log: noLog, now });
}

async function authenticate(header: string | undefined) {
  return (await openDoor().authenticate(withHeader(header))).viewer;
}

const refused = (words: RegExp) =>
  expect.objectContaining({ code: 'unauthenticated', message: expect.stringMatching(words) as string });

describe('createToken', () => {
  it('keeps nothing from which the token could be read', async () => {
    const { token } = await make();
    const { rows } = await test.store.inWorkspace(test.workspaceId, (trx) =>
      sql<object>`select * from account_tokens`.execute(trx),
    );
    const stored = JSON.stringify(
      rows.map((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value))),
    );
    expect(stored).not.toContain(token.slice(3));
    expect(stored).not.toContain(token.slice(9, 35));
  });

  it('refuses a token without name, without scope, or for somebody who is not there', async () => {
    await expect(make({ name: '  ' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(make({ scopes: [] })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(make({ scopes: ['read', 'everything' as 'read'] })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(make({ personId: test.workspaceId })).rejects.toMatchObject({ code: 'not_found' });
    const other = await test.addWorkspace();
    await expect(make({ workspaceId: other.workspaceId })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the hash of a token', () => {
  const hashes = () =>
    test.store.inWorkspace(test.workspaceId, async (trx) => {
      const { rows } = await sql<{ hash: Buffer }>`select token_hash as hash from account_tokens`.execute(trx);
      return rows.map(({ hash }) => hash.toString('hex'));
    });

  it('cannot be computed by whoever has a copy of the store and the token', async () => {
    const { token } = await make();
    const kept = await hashes();
    expect(kept).toContain(hashToken(keyring.derive(tokenPepper), token).toString('hex'));
    expect(kept).not.toContain(hashWithoutPepper(token).toString('hex'));
    expect(kept).not.toContain(hashToken(Buffer.alloc(32), token).toString('hex'));
  });

  it('is changed at its next use where it was made before there was a pepper, also under load', async () => {
    const { id, token } = await make();
    const old = hashWithoutPepper(token);
    await test.store.inWorkspace(test.workspaceId, (trx) =>
      sql`update account_tokens set token_hash = ${old} where id = ${id}`.execute(trx),
    );
    const doors = Array.from({ length: 8 }, () => openDoor());
    const answers = await Promise.all(doors.map((door) => door.authenticate(withHeader(`Bearer ${token}`))));
    expect(answers.map(({ viewer }) => viewer.tokenId)).toEqual(Array<string>(8).fill(id));
    const kept = await hashes();
    expect(kept).not.toContain(old.toString('hex'));
    expect(kept).toContain(hashToken(keyring.derive(tokenPepper), token).toString('hex'));
    await expect(authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tokenId: id });
    await Promise.all(doors.map((door) => door.close()));
  });
});

describe('authenticate', () => {
  it('says whose token it is and what it may do', async () => {
    const { id, token } = await make({ scopes: ['read', 'events', 'read'] });
    const viewer = {
      workspaceId: test.workspaceId,
      personId: test.ownerId,
      role: 'owner',
      via: 'token',
      tokenId: id,
      sessionId: null,
      deviceId: null,
      accountId: null,
      scopes: ['read', 'events'],
    };
    await expect(authenticate(`Bearer ${token}`)).resolves.toEqual(viewer);
    await expect(authenticate(`bearer   ${token} `)).resolves.toEqual(viewer);
  });

  it('refuses what is not a token, not known, expired or revoked', async () => {
    const { token, id } = await make();
    const expired = await make({ expiresAt: new Date(Date.now() - 1000) });
    await expect(authenticate(undefined)).rejects.toEqual(refused(/no token/));
    await expect(authenticate(`Basic ${token}`)).rejects.toEqual(refused(/must read/));
    await expect(authenticate(`Bearer ${token} ${token}`)).rejects.toEqual(refused(/must read/));
    await expect(authenticate(`Bearer ${token.slice(0, -1)}`)).rejects.toEqual(refused(/cut short/));
    await expect(authenticate(`Bearer ${makeToken()}`)).rejects.toEqual(refused(/unknown/));
    await expect(authenticate(`Bearer ${expired.token}`)).rejects.toEqual(refused(/expired/));
    await revokeToken({ store: test.store, workspaceId: test.workspaceId, id });
    await expect(authenticate(`Bearer ${token}`)).rejects.toEqual(refused(/revoked/));
  });

  it('asks the store nothing about a token whose check sum is wrong', async () => {
    const closed = await createTestStore();
    await closed.close();
    const authenticator = openAuthenticator({ store: closed.store, keyring, log: noLog, now: () => new Date() });
    await expect(authenticator.authenticate(withHeader(`Bearer ${makeToken().slice(0, -1)}!`))).rejects.toBeInstanceOf(
      AppError,
    );
    await expect(authenticator.authenticate(withHeader(`Bearer ${makeToken()}`))).rejects.not.toBeInstanceOf(AppError);
  });

  it('stops at once when a token is revoked, also under load', async () => {
    const authenticator = openDoor();
    const { token, id } = await make();
    const many = () =>
      Promise.allSettled(Array.from({ length: 50 }, () => authenticator.authenticate(withHeader(`Bearer ${token}`))));
    expect((await many()).every((answer) => answer.status === 'fulfilled')).toBe(true);
    await revokeToken({ store: test.store, workspaceId: test.workspaceId, id });
    expect((await many()).every((answer) => answer.status === 'rejected')).toBe(true);
    await authenticator.close();
  });

  it('notes the use of a token, at most once a minute', async () => {
    let now = Date.now();
    const authenticator = openDoor(() => new Date(now));
    const { token, id } = await make();
    const lastUse = async () => {
      await authenticator.authenticate(withHeader(`Bearer ${token}`));
      await authenticator.close();
      return (await listTokens(test)).find((entry) => entry.id === id)?.lastUsedAt;
    };
    const first = await lastUse();
    expect(first).toBeInstanceOf(Date);
    await forgetUse(id);
    expect(await lastUse()).toBeNull();
    now += 61_000;
    expect(await lastUse()).toBeInstanceOf(Date);
  });
});

async function forgetUse(id: string): Promise<void> {
  await test.store.inWorkspace(test.workspaceId, (trx) =>
    sql`update account_tokens set last_used_at = null where id = ${id}`.execute(trx),
  );
}

describe('listTokens and revokeToken', () => {
  it('show the tokens of one workspace only, revoked ones included', async () => {
    const other = await test.addWorkspace();
    const mine = await make({ workspaceId: other.workspaceId, personId: other.ownerId, scopes: ['operate'] });
    const first = await revokeToken({ store: test.store, workspaceId: other.workspaceId, id: mine.id });
    await expect(revokeToken({ store: test.store, workspaceId: other.workspaceId, id: mine.id })).resolves.toEqual(
      first,
    );
    const listed = await listTokens({ store: test.store, workspaceId: other.workspaceId });
    expect(listed).toEqual([
      expect.objectContaining({
        id: mine.id,
        name: 'laptop',
        personName: 'Owner',
        scopes: ['operate'],
        prefix: mine.token.slice(0, 9),
        revokedAt: first.revokedAt,
      }),
    ]);
  });

  it('do not reach into another workspace', async () => {
    const { id, token } = await make();
    const other = await test.addWorkspace();
    await expect(revokeToken({ store: test.store, workspaceId: other.workspaceId, id })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tokenId: id });
  });
});
