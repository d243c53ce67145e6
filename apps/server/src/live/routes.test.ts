import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { openStore, type Store } from '@devpulse/db/open-store';
import { createToken } from '../tokens/create-token.ts';
import { openSession } from '../accounts/open-session.ts';
import { revokeToken } from '../tokens/revoke-token.ts';
import { hashSecret } from '../accounts/secret-format.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { publishChange } from './announce-change.ts';
import type { LiveLimits } from './live-hub.ts';
import { listenerName } from './listen-changes.ts';
import { type Ear, listen } from './testing/listen.ts';
import { type LiveServer, startLiveServer } from './testing/live-server.ts';

let api: TestApi;
let token = '';
/** As if by another process: pools of its own. */
let elsewhere: Store;
const servers: LiveServer[] = [];
const ears: Ear[] = [];

beforeAll(async () => {
  api = await openTestApi({ areas: [] });
  token = await api.tokenFor(['read']);
  elsewhere = openStore(api.store.logins, { log: () => undefined, poolSize: 2 });
});
afterEach(async () => {
  for (const ear of ears.splice(0)) ear.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await elsewhere.close();
  await api.close();
});

async function serve(limits: Partial<LiveLimits> = {}): Promise<LiveServer> {
  const server = await startLiveServer(api.deps, api.store, { gapMs: 0, ...limits });
  servers.push(server);
  return server;
}

async function hear(server: LiveServer, options: Parameters<typeof listen>[1] = { token }): Promise<Ear> {
  const ear = await listen(server.url, options);
  ears.push(ear);
  return ear;
}

const say = (metric: string, workspaceId = api.workspaceId): Promise<void> =>
  publishChange(elsewhere, workspaceId, { metrics: [metric] });

describe('GET /api/v1/live', () => {
  it('is an event stream that no proxy holds back, with the headers of every answer', async () => {
    const ear = await hear(await serve());
    expect(ear.status).toBe(200);
    expect(ear.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
  });

  it('tells every server on the store what another process changed', async () => {
    const [one, two] = [await hear(await serve()), await hear(await serve())];
    await publishChange(elsewhere, api.workspaceId, { metrics: ['commits'], sources: true });
    for (const ear of [one, two])
      expect(await ear.next()).toMatchObject({
        event: 'changed',
        data: { metrics: ['commits'], sources: true, people: false },
      });
  });

  it('never tells of another workspace', async () => {
    const other = await api.addWorkspace();
    const server = await serve();
    const [mine, theirs] = [await hear(server), await hear(server, { token: await api.tokenFor(['read'], other) })];
    await say('theirs', other.workspaceId);
    await say('mine');
    expect((await theirs.next()).data.metrics).toEqual(['theirs']);
    expect((await mine.next()).data.metrics).toEqual(['mine']);
    expect([mine.waiting(), theirs.waiting()]).toEqual([[], []]);
    // Nor to one that comes back to where it was before both.
    const again = await hear(server, { token, headers: { 'last-event-id': mine.cursor().replace(/\d+$/, '0') } });
    expect((await again.next()).data.metrics).toEqual(['mine']);
  });

  it('tells who comes back what was missed, by header or in the address', async () => {
    const server = await serve();
    const first = await hear(server);
    await say('seen');
    await first.next();
    first.close();
    const still = await hear(server);
    await say('missed_one');
    await say('missed_two');
    await still.next();
    await still.next();
    const cursor = first.cursor();
    for (const back of [
      await hear(server, { token, headers: { 'last-event-id': cursor } }),
      await hear(server, { token, query: `?cursor=${cursor}` }),
    ]) {
      const said = await back.next();
      expect([said.data.metrics, said.id]).toEqual([['missed_one', 'missed_two'], still.cursor()]);
    }
    const upToDate = await hear(server, { token, headers: { 'last-event-id': still.cursor() } });
    await say('new');
    expect((await upToDate.next()).data.metrics).toEqual(['new']);
  });

  it('tells who comes back from too long ago, from elsewhere or from nowhere to ask for everything', async () => {
    const server = await serve({ gapMs: 250 });
    const first = await hear(server);
    const cursor = first.cursor();
    for (let count = 0; count < 501; count += 1) await say(`m${count % 3}`);
    // What was sent last is heard last: then all of them are in the log.
    await say('end');
    while (!(await first.next()).data.metrics.includes('end'));
    const another = await hear(await serve());
    for (const lost of [cursor, another.cursor(), 'x', '-', `${cursor.split('-')[0]}-9999`]) {
      const back = await hear(server, { token, headers: { 'last-event-id': lost } });
      expect((await back.next()).data).toEqual({ metrics: ['*'], sources: true, people: true });
    }
  });

  it('sends what comes in one breath as one event', async () => {
    const ear = await hear(await serve({ gapMs: 300 }));
    await say('first');
    await Promise.all(['b', 'a', 'b'].map((metric) => say(metric)));
    expect((await ear.next()).data.metrics).toEqual(['first']);
    expect((await ear.next()).data.metrics).toEqual(['a', 'b']);
  });

  it('heals when its connection to the store is cut, and says that anything may have changed', async () => {
    const ear = await hear(await serve());
    const client = await openClient(api.store.logins.app, 'the test', () => undefined);
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()',
      [listenerName],
    );
    await client.end();
    expect(rowCount).toBe(1);
    expect((await ear.next()).data).toEqual({ metrics: ['*'], sources: true, people: true });
    await say('after');
    expect((await ear.next()).data.metrics).toEqual(['after']);
  });

  it('keeps little for who does not read, and tells it all at once later', async () => {
    const server = await serve();
    const [slow, quick] = [await hear(server), await hear(server)];
    slow.hold(true);
    const name = 'x'.repeat(7_000);
    let most = 0;
    // More than the buffers of both kernels hold.
    for (let count = 0; count < 2_000; count += 1) {
      await say(`${name}${count % 2}`);
      most = Math.max(most, server.hub.load.buffered);
    }
    await say('end');
    while (!(await quick.next()).data.metrics.includes('end'));
    expect(most).toBeGreaterThan(0);
    // A buffer's worth and one event for each of the two, of the 14 MB that were said.
    expect(most).toBeLessThan(2 * 40 * 1024);
    slow.hold(false);
    while (!(await slow.next()).data.metrics.includes('end'));
    expect(slow.waiting()).toEqual([]);
  }, 60_000);

  it('beats, so that nobody in between takes it for dead', async () => {
    const ear = await hear(await serve({ heartbeatMs: 20 }));
    await expect.poll(() => ear.comments()).toBeGreaterThan(2);
    expect(ear.waiting()).toEqual([]);
  });

  it('closes the oldest stream of a person who has too many', async () => {
    const server = await serve({ perViewer: 2 });
    const [oldest, second] = [await hear(server), await hear(server)];
    const third = await hear(server);
    expect(await oldest.next()).toMatchObject({ event: 'closing', data: { reason: 'elsewhere' } });
    await oldest.ended;
    await say('still');
    for (const ear of [second, third]) expect((await ear.next()).data.metrics).toEqual(['still']);
    second.close();
    await expect.poll(() => server.hub.load.streams).toBe(1);
  });

  it('ends after its time, and when the server stops, without holding that up', async () => {
    const brief = await hear(await serve({ lifeMs: 50 }));
    expect(await brief.next()).toMatchObject({ event: 'closing', data: { reason: 'time' } });
    const server = await serve();
    const ear = await hear(server);
    const cut: string[] = [];
    void ear.ended.then(() => cut.push('ended'));
    // Nobody is cut off by force: that would come only after a minute.
    await server.close(60_000);
    servers.pop();
    expect(await ear.next()).toMatchObject({ event: 'closing', data: { reason: 'shutdown' } });
    await ear.ended;
  });

  it('ends when the token is revoked, however it came in', async () => {
    const server = await serve({ recheckMs: 50 });
    const { store, workspaceId, ownerId } = api;
    const short = await createToken({
      store,
      keyring: api.deps.keyring,
      workspaceId,
      personId: ownerId,
      name: 'x',
      scopes: ['read'],
      expiresAt: null,
    });
    const { ticket } = await askTicket(server, short.token);
    const [revoked, ticketed] = [
      await hear(server, { token: short.token }),
      await hear(server, { query: `?ticket=${ticket}` }),
    ];
    const other = await hear(server);
    await revokeToken({ store, workspaceId, id: short.id });
    for (const ear of [revoked, ticketed]) {
      expect(await ear.next()).toMatchObject({ event: 'closing', data: { reason: 'signed_out' } });
      await ear.ended;
    }
    await say('still');
    expect((await other.next()).data.metrics).toEqual(['still']);
  });

  it('takes a session, and ends when it ends or moves to another workspace', async () => {
    const server = await serve({ recheckMs: 50 });
    const other = await api.addWorkspace();
    const accountId = newId();
    await sql`select save_owner_account(${accountId}::uuid, 'Ada', null, null)`.execute(api.store.app);
    for (const place of [api, other]) await joinWorkspace(place, accountId);
    const open = async (): Promise<{ hash: Buffer; ear: Ear }> => {
      const wish = { db: api.store.app, accountId, workspaceId: api.workspaceId, agent: 'test' };
      const secret = await openSession(wish);
      const ear = await hear(server, { headers: { cookie: `devpulse_session=${secret}` } });
      return { hash: hashSecret('session', secret), ear };
    };
    const [leaving, moving, staying] = [await open(), await open(), await open()];
    await sql`select end_session(${leaving.hash})`.execute(api.store.app);
    await sql`select move_session(${moving.hash}, ${other.workspaceId}::uuid)`.execute(api.store.app);
    for (const { ear } of [leaving, moving])
      expect(await ear.next()).toMatchObject({ event: 'closing', data: { reason: 'signed_out' } });
    await say('still');
    expect((await staying.ear.next()).data.metrics).toEqual(['still']);
  });

  it('lets nobody in without a token or with one that may not read', async () => {
    const server = await serve();
    expect((await hear(server, {})).status).toBe(401);
    expect((await hear(server, { token: await api.tokenFor(['events']) })).status).toBe(403);
    const odd = await hear(server, { token, query: '?surprise=1' });
    expect([odd.status, await odd.body()]).toEqual([400, expect.stringContaining('invalid_request')]);
  });
});

/** The owner of a workspace signs in with this account from now on. */
async function joinWorkspace(place: { workspaceId: string; ownerId: string }, accountId: string): Promise<void> {
  await api.store.inWorkspace(place.workspaceId, (trx) =>
    sql`insert into account_members (workspace_id, account_id, person_id)
        values (${place.workspaceId}, ${accountId}, ${place.ownerId})`.execute(trx),
  );
}

async function askTicket(server: LiveServer, bearer: string): Promise<{ ticket: string; expiresAt: string }> {
  const response = await fetch(`${server.url}/api/v1/live/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { ticket: string; expiresAt: string };
}

describe('POST /api/v1/live/tickets', () => {
  it('gives a ticket that opens the channel once, at any server', async () => {
    const [one, two] = [await serve(), await serve()];
    const { ticket, expiresAt } = await askTicket(one, token);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThan(31_000);
    const answers = await Promise.all([one, two, one].map((server) => hear(server, { query: `?ticket=${ticket}` })));
    expect(answers.map((ear) => ear.status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
    await say('heard');
    const opened = answers.find((ear) => ear.status === 200);
    expect((await opened?.next())?.data.metrics).toEqual(['heard']);
  });

  it('refuses tickets that are too old, cut short or made up', async () => {
    const server = await serve();
    const { ticket } = await askTicket(server, token);
    await api.store.inWorkspace(api.workspaceId, (trx) =>
      sql`update live_tickets set expires_at = now() - interval '1 second'`.execute(trx),
    );
    for (const wrong of [ticket, ticket.slice(0, -1), 'x', `${api.workspaceId}.`, `${newId()}.${ticket.slice(37)}`]) {
      const ear = await hear(server, { query: `?ticket=${wrong}` });
      expect([ear.status, await ear.body()]).toEqual([401, expect.stringContaining('"unauthenticated"')]);
    }
  });

  it('keeps nothing by which a ticket could be made, and forgets those that nobody used', async () => {
    const server = await serve();
    const { ticket } = await askTicket(server, token);
    const read = (): Promise<{ text: string }[]> =>
      api.store.inWorkspace(api.workspaceId, async (trx) => {
        const { rows } = await sql<{ text: string }>`
          select t::text || encode(ticket_hash, 'escape') as text from live_tickets t`.execute(trx);
        return rows;
      });
    expect(JSON.stringify(await read())).not.toContain(ticket.slice(37));
    await api.store.inWorkspace(api.workspaceId, (trx) =>
      sql`update live_tickets set expires_at = now() - interval '1 second'`.execute(trx),
    );
    await askTicket(server, token);
    expect(await read()).toHaveLength(1);
  });

  it('is for whoever may read', async () => {
    const server = await serve();
    const ask = (bearer: string): Promise<Response> =>
      fetch(`${server.url}/api/v1/live/tickets`, { method: 'POST', headers: { authorization: `Bearer ${bearer}` } });
    expect((await ask('dp_wrong')).status).toBe(401);
    expect((await ask(await api.tokenFor(['events']))).status).toBe(403);
  });
});

describe('changes of who is who', () => {
  it('are told, and have the days counted again; mere questions are not', async () => {
    const server = await serve();
    const ear = await hear(server);
    const bearer = { authorization: `Bearer ${await api.tokenFor(['read', 'people'])}` };
    const before = api.nudges();
    await fetch(`${server.url}/api/v1/me`, { headers: bearer });
    const headers = { ...bearer, 'content-type': 'application/json' };
    const refused = await fetch(`${server.url}/api/v1/me`, { method: 'PATCH', headers, body: '{"zone":"Nowhere"}' });
    expect(refused.status).toBe(400);
    const changed = await fetch(`${server.url}/api/v1/me`, { method: 'PATCH', headers, body: '{"restWeekdays":[7]}' });
    expect(changed.status).toBe(200);
    expect((await ear.next()).data).toEqual({ metrics: ['*'], sources: false, people: true });
    expect([ear.waiting(), api.nudges() - before]).toEqual([[], 1]);
  });
});
