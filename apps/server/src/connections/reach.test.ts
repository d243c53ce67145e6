import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { Token } from '../../../../test/github/front/tokens.ts';
import { hearHook } from './hear-hook.ts';
import type { Refreshed } from './refresh-reach.ts';
import { type ConnectedApp, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
let id: string;
let token: Token;
beforeAll(async () => {
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  id = await connect('mira');
  await refresh();
});

async function connect(login: string): Promise<string> {
  token = app.github.issueToken({ kind: 'classic', account: login, scopes: ['repo', 'read:org'] });
  const answer = await app.owner.send('POST', '/api/v1/connections/token', { token: token.value });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<ConnectionView>().id;
}
async function refresh(): Promise<Refreshed> {
  const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Refreshed>();
}
const numberOf = (fullName: string) => String(app.github.repository(fullName).id);
const watch = async (...names: string[]) => {
  const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, {
    numbers: names.map(numberOf),
  });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<{ sourceIds: string[]; known: number }>();
};
interface Source {
  id: string;
  name: string;
  state: string;
  natural_key: string;
  settings: unknown;
  connection_id: string | null;
  last_error: { code: string } | null;
}
const sources = async () => {
  const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
    sql<Source>`select id, name, state, natural_key, settings, connection_id, last_error from sources order by name`.execute(
      trx,
    ),
  );
  return rows;
};
const found = async (fullName: string) => (await app.reach(id)).repositories.find((one) => one.fullName === fullName);

describe('what a connection reaches', () => {
  it('is its own, and what it reaches as a member; told a page at a time, searched by the server', async () => {
    const all = await app.reach(id);
    expect(all.repositories.map(({ fullName }) => fullName)).toEqual([
      'harbor/harbor-api',
      'harbor/harbor-web',
      'mira/notes',
    ]);
    expect(all).toMatchObject({ total: 3, owners: ['harbor', 'mira'], next: null });
    const first = await app.reach(id, '?limit=2');
    expect(first.repositories).toHaveLength(2);
    expect((await app.reach(id, `?limit=2&cursor=${first.next}`)).repositories.map(({ fullName }) => fullName)).toEqual(
      ['mira/notes'],
    );
    expect((await app.reach(id, '?search=WEB')).repositories.map(({ fullName }) => fullName)).toEqual([
      'harbor/harbor-web',
    ]);
    expect((await app.reach(id, '?owner=Mira')).total).toBe(1);
    expect((await app.owner.send('GET', `/api/v1/connections/${id}/repositories?cursor=nonsense`)).statusCode).toBe(
      400,
    );
  });

  it('is shown to whoever connected it, and to nobody else of the workspace', async () => {
    await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql`update connections set person_id = gen_random_uuid()`.execute(trx),
    );
    for (const [method, path] of [
      ['GET', 'repositories'],
      ['POST', 'repositories/refresh'],
      ['GET', 'organisations'],
    ] as const)
      expect((await app.owner.send(method, `/api/v1/connections/${id}/${path}`)).statusCode, path).toBe(404);
    expect(
      (await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, { numbers: ['1'] })).statusCode,
    ).toBe(404);
    expect(await app.one(id)).toMatchObject({ mine: false, state: 'ok' });
  });

  it('is kept as a whole or not at all', async () => {
    app.github.faults.add({ path: /^\/user\/repos$/, kind: 502 });
    const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([502, 'source_failed']);
    app.github.faults.clear();
    expect((await app.reach(id)).repositories.every(({ state }) => state === 'there')).toBe(true);
  });
});

describe('a token that is revoked between two pages', () => {
  it('stops the listing at the next request, leaves what was known, and is told once', async () => {
    for (let count = 0; count < 101; count += 1)
      app.github.seedRepository({ name: `otto/many-${count}`, visibility: 'public' });
    id = await connect('otto');
    const pages = (): number =>
      app.github.requests.filter(({ path, status }) => path === '/user/repos' && status === 200).length;
    expect(await refresh()).toMatchObject({ reached: 104 });
    const push = app.github.requests.push.bind(app.github.requests);
    const before = pages();
    app.github.requests.push = (...entries) => {
      if (entries.some(({ path }) => path === '/user/repos')) app.github.revokeToken(token.value);
      return push(...entries);
    };
    const sent = app.github.requests.length;
    const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    app.github.requests.push = push;
    expect(answer.statusCode).toBe(409);
    expect(pages() - before).toBe(1);
    expect(app.github.requests.length - sent).toBe(2);
    expect(await app.one(id)).toMatchObject({ state: 'dead', isReading: false });
    const { total, repositories } = await app.reach(id);
    expect(total).toBe(104);
    expect(repositories.every(({ state }) => state === 'there')).toBe(true);
  });
});

describe('watching', () => {
  it('makes a source of each, with its number as its key, and has it read at once', async () => {
    const watched = await watch('harbor/harbor-api', 'mira/notes');
    expect(watched.known).toBe(0);
    expect(app.soon.toSorted()).toEqual(watched.sourceIds.toSorted());
    expect(await sources()).toMatchObject([
      {
        name: 'harbor/harbor-api',
        natural_key: `127.0.0.1/${numberOf('harbor/harbor-api')}`,
        connection_id: id,
        settings: {
          host: '127.0.0.1',
          id: Number(numberOf('harbor/harbor-api')),
          fullName: 'harbor/harbor-api',
          branches: 'default',
        },
      },
      { name: 'mira/notes' },
    ]);
    expect((await watch('mira/notes')).known).toBe(1);
    expect(await found('mira/notes')).toMatchObject({ sourceState: 'new' });
    expect((await app.reach(id, '?only=watched')).total).toBe(2);
    expect((await app.reach(id, '?only=unwatched')).total).toBe(1);
  });

  it('is only for what the connection reaches', async () => {
    const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, {
      numbers: [numberOf('otto/toys')],
    });
    expect(answer.statusCode).toBe(404);
    expect(await sources()).toEqual([]);
  });

  it('stays with the connection that reads it, and moves to another when that one is lost', async () => {
    await watch('harbor/harbor-api');
    const first = id;
    const old = token;
    id = await connect('otto');
    await refresh();
    await watch('harbor/harbor-api');
    expect(await sources()).toMatchObject([{ connection_id: first }]);
    app.github.revokeToken(old.value);
    await app.owner.send('POST', `/api/v1/connections/${first}/check`);
    await watch('harbor/harbor-api');
    expect(await sources()).toMatchObject([{ connection_id: id }]);
  });

  it('ends when it is wished, and what was read stays', async () => {
    await watch('harbor/harbor-api', 'mira/notes');
    const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/unwatch`, {
      numbers: [numberOf('mira/notes'), '1'],
    });
    expect(answer.json()).toMatchObject({ unwatched: 1, kept: expect.stringContaining('stays') as string });
    expect((await sources()).map(({ name }) => name)).toEqual(['harbor/harbor-api']);
    const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql`select 1 from source_erasures`.execute(trx),
    );
    expect(rows).toEqual([]);
  });
});

describe('a repository', () => {
  it('that was renamed, transferred or archived is the same one, and says what became of it', async () => {
    await watch('harbor/harbor-api', 'harbor/harbor-web', 'mira/notes');
    const before = await sources();
    const api = app.github.repository('harbor/harbor-api');
    const notes = app.github.repository('mira/notes');
    const web = app.github.repository('harbor/harbor-web');
    api.name = 'harbor-core';
    notes.owner = app.github.account('harbor');
    web.isArchived = true;
    expect(await refresh()).toMatchObject({ reached: 3, added: 0, renamed: 2, gone: 0 });
    expect(await found('harbor/harbor-core')).toMatchObject({
      state: 'there',
      message: expect.stringContaining('harbor/harbor-api') as string,
    });
    expect(await found('harbor/notes')).toMatchObject({ message: expect.stringContaining('another owner') as string });
    expect(await found('harbor/harbor-web')).toMatchObject({
      state: 'archived',
      message: expect.stringContaining('Archived') as string,
    });
    const after = await sources();
    expect(after.map(({ name }) => name)).toEqual(['harbor/harbor-core', 'harbor/harbor-web', 'harbor/notes']);
    expect(after.map((one) => one.natural_key).toSorted()).toEqual(before.map((one) => one.natural_key).toSorted());
    expect(after[0]?.settings).toMatchObject({ fullName: 'harbor/harbor-core' });
    api.name = 'harbor-api';
    notes.owner = app.github.account('mira');
    web.isArchived = false;
  });

  it('that is not reached any more says so and keeps what was read; it is back when it is back', async () => {
    await watch('harbor/harbor-api');
    const { members } = app.github.account('harbor');
    const role = members.get(app.github.account('mira').id) ?? 'admin';
    members.delete(app.github.account('mira').id);
    expect(await refresh()).toMatchObject({ gone: 2 });
    expect(await found('harbor/harbor-api')).toMatchObject({
      state: 'unreachable',
      message: expect.stringContaining('What was read stays') as string,
    });
    expect(await sources()).toHaveLength(1);
    members.set(app.github.account('mira').id, role);
    await refresh();
    expect(await found('harbor/harbor-api')).toMatchObject({ state: 'there', message: null });
  });

  it('follows what deliveries say', async () => {
    await watch('harbor/harbor-web');
    const web = app.github.repository('harbor/harbor-web');
    const hear = (action: string, more: object, beside: object = {}) =>
      hearHook(
        app.parts,
        {
          event: 'repository',
          payload: {
            action,
            ...beside,
            repository: {
              id: web.id,
              full_name: 'harbor/harbor-web',
              private: false,
              archived: false,
              owner: { id: web.owner.id, login: 'harbor' },
              ...more,
            },
          },
        },
        [app.api.workspaceId],
      );
    await hear('renamed', { full_name: 'harbor/harbor-site' });
    expect(await sources()).toMatchObject([{ name: 'harbor/harbor-site' }]);
    expect(await found('harbor/harbor-site')).toMatchObject({
      message: expect.stringContaining('harbor/harbor-web') as string,
    });
    await hear('privatized', { full_name: 'harbor/harbor-site', private: true });
    expect(await found('harbor/harbor-site')).toMatchObject({
      isPrivate: true,
      message: expect.stringContaining('made private') as string,
    });
    // The signature does not say of which event a body is: this one was of an issue.
    await hear('deleted', { full_name: 'harbor/harbor-site', private: true }, { issue: { number: 1 } });
    expect(await found('harbor/harbor-site')).toMatchObject({ state: 'there' });
    await hear('deleted', { full_name: 'harbor/harbor-site', private: true });
    expect(await found('harbor/harbor-site')).toMatchObject({ state: 'deleted' });
    expect(await sources()).toMatchObject([{ state: 'failed', last_error: { code: 'gone' } }]);
  });
});

describe('an organisation', () => {
  const organisations = async () =>
    (await app.owner.send('GET', `/api/v1/connections/${id}/organisations`)).json<{
      organisations: { number: string; login: string }[];
    }>().organisations;
  const include = async (included: boolean) => {
    const [harbor] = await organisations();
    const answer = await app.owner.send('PUT', `/api/v1/connections/${id}/organisations/${harbor?.number}`, {
      included,
    });
    expect(answer.statusCode, answer.body).toBe(200);
  };

  it('that is switched off is not read, nor can be watched, until it is on again', async () => {
    await watch('harbor/harbor-api', 'mira/notes');
    expect(await organisations()).toMatchObject([{ login: 'harbor', included: true, repositories: 2, watched: 1 }]);
    await include(false);
    expect(await sources()).toMatchObject([{ state: 'paused', last_error: { code: 'excluded' } }, { state: 'new' }]);
    expect(await found('harbor/harbor-web')).toMatchObject({ state: 'excluded' });
    const answer = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, {
      numbers: [numberOf('harbor/harbor-web')],
    });
    expect(answer.statusCode).toBe(409);
    app.soon.length = 0;
    await include(true);
    expect(await sources()).toMatchObject([{ state: 'new', last_error: null }, { state: 'new' }]);
    expect(app.soon).toHaveLength(1);
  });

  it('leaves alone what somebody paused by hand', async () => {
    const { sourceIds } = await watch('harbor/harbor-api');
    await app.owner.send('POST', `/api/v1/sources/${sourceIds[0]}/pause`);
    await include(false);
    await include(true);
    expect(await sources()).toMatchObject([{ state: 'paused' }]);
  });
});

describe('an end', () => {
  const secrets = async () => {
    const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql`select 1 from connection_secrets`.execute(trx),
    );
    return rows.length;
  };

  it('by disconnecting forgets the token at once, keeps what was read, and goes on where it stopped when it is connected again', async () => {
    const [sourceId] = (await watch('harbor/harbor-api')).sourceIds;
    const answer = await app.owner.send('DELETE', `/api/v1/connections/${id}`);
    expect(answer.json()).toMatchObject({
      revoked: false,
      kept: expect.stringContaining('stays') as string,
      left: expect.stringContaining('/settings/tokens') as string,
    });
    expect(await secrets()).toBe(0);
    expect(await sources()).toMatchObject([{ id: sourceId, state: 'failed', last_error: { code: 'reconnect' } }]);
    expect(await app.one(id)).toMatchObject({ state: 'disconnected', isReading: false });
    // A check does not bring it back: only somebody who connects it does.
    await app.owner.send('POST', `/api/v1/connections/${id}/check`);
    expect((await app.one(id)).state).toBe('disconnected');
    app.soon.length = 0;
    expect(await connect('mira')).toBe(id);
    expect(app.soon).toEqual([sourceId]);
  });

  it('gives back what was granted by GitHub’s page, and nothing of the sign-in with it', async () => {
    await app.connectAs('otto');
    const begun = await app.owner.send('POST', '/api/v1/account/github', { scopes: [] });
    const back = new URL(
      (await fetch(begun.json<{ url: string }>().url, { redirect: 'manual' })).headers.get('location') ?? '',
    );
    await app.owner.send('GET', back.pathname + back.search);
    const [granted, signIn] = app.github.signIn.granted.slice(-2);
    const otto = (await app.list()).connections.find(({ account }) => account.login === 'otto');
    const answer = await app.owner.send('DELETE', `/api/v1/connections/${otto?.id}`);
    expect(answer.json()).toMatchObject({ revoked: true, left: null });
    expect(app.github.token(granted?.token ?? '').isRevoked).toBe(true);
    expect(app.github.token(signIn?.token ?? '').isRevoked).toBe(false);
    // Nothing hung on it, so that nothing is left to be healed.
    expect((await app.list()).connections.map(({ account }) => account.login)).toEqual(['mira']);
  });

  it('by erasing needs the login, and orders that what was read is erased', async () => {
    await watch('harbor/harbor-api', 'mira/notes');
    expect((await app.owner.send('POST', `/api/v1/connections/${id}/erase`, { login: 'otto' })).statusCode).toBe(400);
    expect((await app.owner.send('POST', `/api/v1/connections/${id}/erase`, { login: 'mira' })).statusCode).toBe(202);
    expect(await sources()).toEqual([]);
    expect(await secrets()).toBe(0);
    expect((await app.list()).connections).toEqual([]);
    const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql<{ name: string }>`select name from source_erasures order by name`.execute(trx),
    );
    expect(rows.map((row) => row.name)).toEqual(['harbor/harbor-api', 'mira/notes']);
  });

  it('of a membership cuts what its person granted, and keeps what was read', async () => {
    await watch('harbor/harbor-api');
    const other = newId();
    const where = { workspace_id: app.api.workspaceId };
    await app.api.store.inWorkspace(app.api.workspaceId, async (trx) => {
      await trx
        .insertInto('people')
        .values({ ...where, id: other, name: 'Another' })
        .execute();
      await trx
        .insertInto('people_members')
        .values({ ...where, person_id: other, role: 'admin' })
        .execute();
      await sql`update connections set person_id = ${other}`.execute(trx);
    });
    expect((await app.owner.send('POST', `/api/v1/members/${other}/deactivate`)).statusCode).toBeLessThan(300);
    expect(await secrets()).toBe(0);
    expect(await app.one(id)).toMatchObject({ state: 'disconnected' });
    expect(await sources()).toMatchObject([{ state: 'failed', last_error: { code: 'reconnect' } }]);
  });

  it('of an account takes the grant along', async () => {
    await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql`delete from connections where person_id = ${app.api.ownerId}`.execute(trx),
    );
    expect(await secrets()).toBe(0);
  });
});
