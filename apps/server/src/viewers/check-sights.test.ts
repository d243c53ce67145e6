import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { type ConnectedApp, openConnectedApp } from '../connections/testing/github-app.ts';
import { checkSights } from './check-sights.ts';
import { recheckOwnSight, recheckSight } from './recheck-sight.ts';
import { addGithubMember } from './testing/github-member.ts';
import { addRepository } from './testing/private-repository.ts';
import { findUnseen } from './unseen-repositories.ts';

const hourMs = 3_600_000;

let app: ConnectedApp;
let connectionId: string;
let otto: { personId: string; accountId: string };
let ownerId: string;

beforeAll(async () => {
  app = await openConnectedApp();
  await app.reset();
  connectionId = await connect('mira');
  await send(`/connections/${connectionId}/repositories/refresh`);
  await send(`/connections/${connectionId}/repositories/watch`, {
    numbers: ['harbor/harbor-api', 'harbor/harbor-web', 'mira/notes'].map(numberOf),
  });
  const rows = await read(sql<{ person_id: string }>`select person_id from connections`);
  ownerId = rows[0]?.person_id ?? '';
  await addRepository(app.api, { key: keyOf('harbor/harbor-web'), name: 'harbor/harbor-web', visibility: 'public' });
  otto = await addGithubMember(app.api, { name: 'Otto', number: String(app.github.account('otto').id), login: 'otto' });
}, 60_000);
afterAll(() => app.close());

async function send(path: string, body?: object): Promise<unknown> {
  const answer = await app.owner.send('POST', `/api/v1${path}`, body);
  if (answer.statusCode >= 300) throw new Error(answer.body);
  return answer.json();
}

async function connect(login: string): Promise<string> {
  const token = app.github.issueToken({ kind: 'classic', account: login, scopes: ['repo', 'read:org'] });
  return ((await send('/connections/token', { token: token.value })) as ConnectionView).id;
}

const numberOf = (name: string): string => String(app.github.repository(name).id);
const keyOf = (name: string): string => `127.0.0.1/${numberOf(name)}`;
const change = (statement: RawBuilder<unknown>): Promise<unknown> =>
  app.api.store.inWorkspace(app.api.workspaceId, (trx) => statement.execute(trx));
async function read<Row>(statement: RawBuilder<Row>): Promise<Row[]> {
  return (await app.api.store.inWorkspace(app.api.workspaceId, (trx) => statement.execute(trx))).rows;
}
const makeDue = () => change(sql`update repository_sights set due_at = now()`);
const check = () => checkSights(app.parts, app.api.workspaceId, new AbortController().signal);

/** Which of the watched repositories somebody sees. */
async function seenBy(personId: string, after = 0): Promise<string[]> {
  const now = new Date(Date.now() + after);
  const { keys } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
    findUnseen(trx, { viewer: { personId }, now }),
  );
  return ['harbor/harbor-api', 'harbor/harbor-web', 'mira/notes'].filter((name) => !keys.has(keyOf(name)));
}

const asked = () => app.github.requests.filter(({ path }) => path.includes('/collaborators/')).length;
const all = ['harbor/harbor-api', 'harbor/harbor-web', 'mira/notes'];
const ottos = ['harbor/harbor-api', 'harbor/harbor-web'];

describe('what GitHub lets a member see', () => {
  it('is asked of the connection that watches it, once a day, and not of those whose own connection says it', async () => {
    expect([await seenBy(ownerId), await seenBy(otto.personId)]).toEqual([all, ['harbor/harbor-web']]);
    expect(await check()).toBe(2);
    expect(await seenBy(otto.personId)).toEqual(ottos);
    expect(asked()).toBe(2);
    expect(await check()).toBe(0);
    expect(asked()).toBe(2);
  });

  it('is believed for the account with their number, whoever has their login now', async () => {
    const rename = (login: string) =>
      sql`update auth.account set login = ${login} where user_id = ${otto.accountId}`.execute(app.api.store.auth);
    await rename('mira');
    await makeDue();
    expect(await check()).toBe(2);
    expect(await seenBy(otto.personId)).toEqual(ottos);
    await rename('otto');
  });

  it('stays as it was while GitHub does not answer, and is hidden after three days', async () => {
    app.github.faults.add({ path: /\/collaborators\//, kind: 502 });
    await makeDue();
    expect(await check()).toBe(0);
    app.github.faults.clear();
    expect(await seenBy(otto.personId)).toEqual(ottos);
    expect(await seenBy(otto.personId, 71 * hourMs)).toEqual(ottos);
    expect(await seenBy(otto.personId, 73 * hourMs)).toEqual(['harbor/harbor-web']);
    // Not at once again.
    expect(await check()).toBe(0);
  });

  it('is hidden at once from whom a hook says was put out, until GitHub says that they still may', async () => {
    await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      recheckSight(trx, app.api.workspaceId, [keyOf('harbor/harbor-api')], String(app.github.account('otto').id)),
    );
    expect([await seenBy(otto.personId), await seenBy(ownerId)]).toEqual([['harbor/harbor-web'], all]);
    await check();
    expect(await seenBy(otto.personId)).toEqual(ottos);
  });

  it('is gone with the next answer once it was taken away, and comes back with it', async () => {
    app.github.account('harbor').members.delete(app.github.account('otto').id);
    await app.api.store.inWorkspace(app.api.workspaceId, (trx) => recheckSight(trx, app.api.workspaceId, null));
    // A hook that names nobody hides nothing by itself.
    expect(await seenBy(otto.personId)).toEqual(ottos);
    await check();
    expect(await seenBy(otto.personId)).toEqual(['harbor/harbor-web']);
    app.github.account('harbor').members.set(app.github.account('otto').id, 'member');
    await makeDue();
    await check();
    expect(await seenBy(otto.personId)).toEqual(ottos);
  });

  it('is asked anew when they sign in, unless that was just done', async () => {
    const before = asked();
    await recheckOwnSight(app.api.store, otto.accountId);
    await check();
    expect(asked()).toBe(before);
    await change(sql`update repository_sights set checked_at = now() - interval '20 minutes'`);
    await recheckOwnSight(app.api.store, otto.accountId);
    await check();
    expect(asked()).toBe(before + 2);
  });

  it('is what their own connection reaches, listed anew each day', async () => {
    await change(sql`update connection_repositories set seen_at = now() - interval '73 hours'`);
    expect(await seenBy(ownerId)).toEqual(['harbor/harbor-web']);
    await change(sql`update connections set relist_at = now()`);
    await check();
    expect(await seenBy(ownerId)).toEqual(all);
  });

  it('keeps no answers about what is open or watched no more', async () => {
    await change(sql`delete from sources where natural_key = ${keyOf('mira/notes')}`);
    await check();
    const rows = await read(sql<{ repository_key: string }>`select repository_key from repository_sights`);
    expect(rows.map((row) => row.repository_key)).toEqual([keyOf('harbor/harbor-api')]);
  });

  it('waits as long as GitHub asks for, and what was known stays', async () => {
    app.github.limits.look = { status: 429, retryAfter: 300, headers: 'right' };
    app.github.limits.set('*', { remaining: 0, resetIn: 300 });
    await makeDue();
    expect(await check()).toBe(0);
    expect(await seenBy(otto.personId)).toContain('harbor/harbor-api');
    const rows = await read(
      sql<{ waits: boolean }>`select due_at > now() + interval '4 minutes' as waits from repository_sights`,
    );
    expect(rows).toEqual([{ waits: true }]);
    expect(app.github.requests.filter(({ isBreach }) => isBreach)).toEqual([]);
  });
});
