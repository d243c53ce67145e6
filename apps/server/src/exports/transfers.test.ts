import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { TransferList, TransferView } from '@devpulse/contract/wire/data';
import { openClient } from '@devpulse/db/connection';
import { stableId } from '@devpulse/db/ids';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import { commitOf } from '@devpulse/pipeline/testing/history';
import { linkIdentities } from '../people/link-identities.ts';
import { personTables } from './person-tables.ts';
import { canaryOf, fillTables, type Whom } from './testing/fill-tables.ts';
import {
  exportOf,
  headersOf,
  openTransferBench,
  stepImport,
  type TestAccount,
  type TransferBench,
  unzip,
  uploadTo,
} from './testing/transfer-bench.ts';

let bench: TransferBench;
let admin: pg.Client;

beforeAll(async () => {
  bench = await openTransferBench();
  admin = await openClient(
    { ...findTestServer().admin, database: bench.store.logins.owner.database },
    'tests',
    () => undefined,
  );
});
afterAll(async () => {
  await admin.end();
  await bench.close();
});

async function listOf(cookie: string): Promise<TransferList> {
  return (await bench.app.inject({ url: '/api/v1/transfers', headers: { cookie } })).json();
}

const ask = (cookie: string, scope = 'mine') =>
  bench.app.inject({ method: 'POST', url: '/api/v1/exports', headers: headersOf(cookie), payload: { scope } });

describe('an export of one’s own data', { timeout: 60_000 }, () => {
  it('holds a row of every table with one’s key, nothing of anybody else, and no secret', async () => {
    const [ada, bob] = [await bench.addAccount('Ada'), await bench.addAccount('Bob')];
    const workspaceId = await bench.addTeam();
    const adaId = await bench.join(ada, workspaceId, 'member');
    const bobId = await bench.join(bob, workspaceId, 'owner');
    await bench.send(workspaceId, [
      { key: 'commits', facts: Array.from({ length: 12 }, (_, number) => commitOf(number)) },
    ]);
    const link = async (personId: string, email: string): Promise<string> => {
      const id = stableId('identity', workspaceId, 'plain', identityKey({ email }));
      await linkIdentities({
        store: bench.store,
        workspaceId,
        identityIds: [id],
        personId,
        reason: 'me',
        by: personId,
      });
      return id;
    };
    const adas: Whom = { person: adaId, account: ada.accountId, identity: await link(adaId, 'ada@example.org') };
    const bobs: Whom = { person: bobId, account: bob.accountId, identity: await link(bobId, 'bob@example.org') };
    // Others' commits have others' identities; made-up rows of the catalogue are about one of the two.
    await fillTables(admin, workspaceId, adas);
    await fillTables(admin, workspaceId, bobs);
    await admin.query(`delete from transfers where account_id = any($1)`, [[ada.accountId, bob.accountId]]);
    const files = await unzip(await exportOf(bench, await bench.session(ada, workspaceId)));
    const all = [...files.values()].join('\n');
    const folder = [...files.keys()].find(
      (name) => name.endsWith('/people_members.json') && files.get(name)?.includes(adaId),
    );
    const inTeam = folder?.split('/').slice(0, 2).join('/') ?? '';
    for (const [table, entry] of Object.entries(personTables)) {
      if (typeof entry.export === 'object') continue;
      const name = entry.export === 'account' ? `account/${table}` : `${inTeam}/${table}`;
      const rows = JSON.parse(files.get(`${name}.json`) ?? '[]') as unknown[];
      expect(rows.length, table).toBeGreaterThan(0);
      expect(files.get(`${name}.csv`)?.split('\r\n').length, table).toBeGreaterThan(2);
      for (const column of entry.secret ?? []) expect(Object.keys(rows[0] as object), table).not.toContain(column);
    }
    expect(all).toContain(canaryOf(adas));
    expect(all).not.toContain(canaryOf(bobs));
    expect(all).not.toContain(bob.accountId);
    expect(all).not.toContain('$argon2');
    const { rows: sessions } = await admin.query<{ token: string }>(
      'select token from auth.session where user_id = $1',
      [ada.accountId],
    );
    for (const { token } of sessions) expect(all).not.toContain(token);
  });

  it('of a whole workspace is for its owners, and leaves out what is private to others', async () => {
    const [cai, dee] = [await bench.addAccount('Cai'), await bench.addAccount('Dee')];
    const workspaceId = await bench.addTeam();
    const caiId = await bench.join(cai, workspaceId, 'owner');
    const deeId = await bench.join(dee, workspaceId, 'member');
    await bench.store.inWorkspace(workspaceId, async (trx) => {
      for (const [person, viewer] of [
        [deeId, caiId],
        [deeId, deeId],
      ])
        await sql`insert into viewer_looks (workspace_id, person_id, viewer_id, day) values (${workspaceId}, ${person}, ${viewer}, '2026-01-01')`.execute(
          trx,
        );
    });
    expect((await ask(await bench.session(dee, workspaceId), 'workspace')).statusCode).toBe(403);
    const files = await unzip(await exportOf(bench, await bench.session(cai, workspaceId), 'workspace'));
    expect(JSON.parse(files.get('workspaces/1/people.json') ?? '')).toHaveLength(2);
    expect(JSON.parse(files.get('workspaces/1/viewer_looks.json') ?? '')).toMatchObject([{ viewer_id: caiId }]);
    expect([...files.keys()].some((name) => name.startsWith('account/'))).toBe(false);
  });

  it('of a whole workspace is not given out any more to whoever was its owner once', async () => {
    const gil = await bench.addAccount('Gil');
    const workspaceId = await bench.addTeam();
    const gilId = await bench.join(gil, workspaceId, 'owner');
    const cookie = await bench.session(gil, workspaceId);
    await exportOf(bench, cookie, 'workspace');
    const id = (await listOf(cookie)).transfers[0]?.id ?? '';
    const link = () =>
      bench.app.inject({ method: 'POST', url: `/api/v1/exports/${id}/link`, headers: headersOf(cookie) });
    const { url } = (await link()).json<{ url: string }>();
    await admin.query(`update people_members set role = 'admin' where person_id = $1`, [gilId]);
    expect((await bench.app.inject({ url, headers: { cookie } })).statusCode).toBe(404);
    expect((await link()).statusCode).toBe(404);
    await admin.query(`update people_members set role = 'owner' where person_id = $1`, [gilId]);
    expect((await bench.app.inject({ url, headers: { cookie } })).statusCode).toBe(200);
  });

  it('is fetched by a link that is for one session’s person alone, ends with the next link, and dies after a day', async () => {
    const [eve, fay] = [await bench.addAccount('Eve'), await bench.addAccount('Fay')];
    const cookie = await bench.session(eve);
    const stranger = await bench.session(fay);
    const asked = await ask(cookie);
    expect(asked.statusCode).toBe(202);
    const { id } = asked.json<TransferView>();
    const link = (who: string) =>
      bench.app.inject({ method: 'POST', url: `/api/v1/exports/${id}/link`, headers: headersOf(who) });
    const fetchIt = (url: string, who: string) => bench.app.inject({ url, headers: { cookie: who } });
    expect((await link(cookie)).statusCode).toBe(404);
    await bench.work();
    expect((await listOf(cookie)).transfers).toMatchObject([{ id, state: 'done', progress: null }]);
    expect((await listOf(stranger)).transfers).toEqual([]);
    expect((await link(stranger)).statusCode).toBe(404);
    const first = (await link(cookie)).json<{ url: string }>().url;
    expect((await fetchIt(first, stranger)).statusCode).toBe(404);
    expect((await bench.app.inject({ url: first })).statusCode).toBe(401);
    const file = await fetchIt(first, cookie);
    expect(file.statusCode).toBe(200);
    expect(file.headers).toMatchObject({ 'content-type': 'application/zip', 'cache-control': 'no-store' });
    expect(Number(file.headers['content-length'])).toBe(file.rawPayload.length);
    const second = (await link(cookie)).json<{ url: string }>().url;
    expect((await fetchIt(first, cookie)).statusCode).toBe(404);
    expect((await fetchIt(`${second}x`, cookie)).statusCode).toBe(404);
    expect((await fetchIt(second, cookie)).statusCode).toBe(200);
    // Nothing in the store opens the link.
    const { rows } = await admin.query<{ row: string }>(
      'select to_jsonb(t)::text as row from transfers t where id = $1',
      [id],
    );
    expect(rows[0]?.row).not.toContain(second.split('key=')[1]);
    await admin.query(`update transfers set expires_at = now() where id = $1`, [id]);
    expect((await fetchIt(second, cookie)).statusCode).toBe(404);
    expect((await listOf(cookie)).transfers).toMatchObject([{ state: 'expired' }]);
    await bench.work();
    expect((await admin.query('select 1 from transfer_parts where transfer_id = $1', [id])).rowCount).toBe(0);
  });

  it('is made once an hour, whatever the workspace, by people who signed in', async () => {
    const gus = await bench.addAccount('Gus');
    const team = await bench.addTeam();
    await bench.join(gus, team, 'member');
    const cookie = await bench.session(gus);
    expect(
      (await Promise.all([ask(cookie), ask(cookie), ask(cookie)])).filter((answer) => answer.statusCode === 202),
    ).toHaveLength(1);
    const again = await ask(await bench.session(gus, team));
    expect(again.statusCode).toBe(429);
    expect(Number(again.headers['retry-after'])).toBeGreaterThan(3000);
    expect((await listOf(cookie)).nextExportAt).not.toBeNull();
    await admin.query(`update transfers set created_at = now() - interval '61 minutes' where account_id = $1`, [
      gus.accountId,
    ]);
    expect((await ask(cookie)).statusCode).toBe(202);
    const token = await bench.tokenFor(undefined, { workspaceId: gus.workspaceId, ownerId: gus.personId });
    const headers = { authorization: `Bearer ${token}` };
    expect(
      (await bench.app.inject({ method: 'POST', url: '/api/v1/exports', headers, payload: { scope: 'mine' } }))
        .statusCode,
    ).toBe(403);
  });

  it('goes on when the worker that wrote it vanished', async () => {
    const hal = await bench.addAccount('Hal');
    const cookie = await bench.session(hal);
    const { id } = (await ask(cookie)).json<TransferView>();
    await admin.query(
      `update transfers set state = 'working', lease_owner = gen_random_uuid(), lease_until = now() - interval '1 second' where id = $1`,
      [id],
    );
    await admin.query(
      `insert into transfer_parts (workspace_id, transfer_id, part, body) values ($1, $2, 7, 'left over')`,
      [hal.workspaceId, id],
    );
    await bench.work();
    expect((await listOf(cookie)).transfers).toMatchObject([{ id, state: 'done' }]);
    expect((await admin.query('select 1 from transfer_parts where transfer_id = $1 and part = 7', [id])).rowCount).toBe(
      0,
    );
  });
});

interface Packed {
  name: string;
  text: string;
}

/** A ZIP of an export, as somebody with bad intentions may make it. */
async function pack(
  files: Packed[],
  change: (manifest: Record<string, unknown>) => void = () => undefined,
): Promise<Buffer> {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const manifest: Record<string, unknown> = {
    format: 'devpulse-export',
    version: 1,
    program: '0.0.0',
    scope: 'mine',
    exportedAt: '2026-01-01T00:00:00Z',
    workspaces: [{ folder: 'workspaces/1', name: 'w', kind: 'personal', rows: 'all', events: 1, eventsWithoutBody: 0 }],
    files: files.map(({ name, text }) => ({
      path: name,
      rows: 0,
      bytes: Buffer.byteLength(text),
      sha256: sha256(text),
    })),
  };
  change(manifest);
  const zip = new ZipFile();
  for (const { name, text } of [...files, { name: 'manifest.json', text: JSON.stringify(manifest) }])
    zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
}

const settings = {
  workspace: { name: 'w', zone: 'UTC', weekStart: 1, rawRetentionDays: 90 },
  people: [{ author: null, name: 'Somebody', zone: null, restWeekdays: [], bio: '', holidays: [], freezes: [] }],
  links: [],
  declined: [],
  rules: [],
  overrides: [],
  calendar: null,
  calendarHolidays: [],
  sources: [],
};
const settingsFile = { name: 'workspaces/1/settings.json', text: JSON.stringify(settings) };
const event = { source: 'plain', key: 'k', kind: 'facts', arrival: 'push', body: Buffer.from('[]').toString('base64') };
const eventsFile = { name: 'workspaces/1/events.ndjson', text: `${JSON.stringify(event)}\n` };

describe('an import', { timeout: 60_000 }, () => {
  let ivy: TestAccount;
  let cookie: string;
  beforeAll(async () => {
    ivy = await bench.addAccount('Ivy');
    cookie = await bench.session(ivy);
  });

  it('refuses what is no export, or not as it was exported, and says why', async () => {
    const good = await pack([settingsFile, eventsFile]);
    const renamed = (from: string, to: string): Buffer =>
      Buffer.from(good.toString('latin1').replaceAll(from, to), 'latin1');
    const zone = { ...settings, workspace: { ...settings.workspace, zone: 'Mars/Olympus' } };
    const cases: [string, Buffer, RegExp][] = [
      ['no ZIP', Buffer.from('hello, this is no archive at all'), /not a whole ZIP/],
      ['cut short', good.subarray(0, good.length - 30), /not a whole ZIP/],
      ['a way out', renamed('workspaces/1/settings.json', '../../../1/settings.json'), /name|ZIP/],
      ['an absolute path', renamed('workspaces/1/settings.json', '/orkspaces/1/settings.json'), /name|ZIP/],
      [
        'a file too many',
        await pack([settingsFile, eventsFile], (m) => void (m['files'] as unknown[]).pop()),
        /says nothing/,
      ],
      [
        'a file too few',
        await pack(
          [settingsFile],
          (m) =>
            void (m['files'] as unknown[]).push({
              path: 'workspaces/1/events.ndjson',
              rows: 0,
              bytes: 1,
              sha256: '0'.repeat(64),
            }),
        ),
        /holds no workspaces\/1\/events/,
      ],
      [
        'changed by hand',
        await pack([settingsFile, eventsFile], (m) =>
          Object.assign((m['files'] as object[])[0] ?? {}, { sha256: '0'.repeat(64) }),
        ),
        /checksum differs/,
      ],
      [
        'another size',
        await pack([settingsFile, eventsFile], (m) => Object.assign((m['files'] as object[])[0] ?? {}, { bytes: 1 })),
        /another size/,
      ],
      ['a newer format', await pack([settingsFile, eventsFile], (m) => void (m['version'] = 2)), /version 2/],
      ['another format', await pack([settingsFile], (m) => void (m['format'] = 'zip')), /no export of DevPulse/],
      ['nothing to take in', await pack([settingsFile], (m) => void (m['workspaces'] = [])), /nothing to take in/],
      ['odd settings', await pack([{ ...settingsFile, text: '{"workspace":7}' }, eventsFile]), /not as documented/],
      [
        'odd events',
        await pack([settingsFile, { ...eventsFile, text: '{"source":"plain"}\n' }]),
        /line 1 is not an event/,
      ],
    ];
    for (const [what, file, why] of cases) {
      const checked = await uploadTo(bench, cookie, file);
      expect(checked.state, what).toBe('failed');
      expect(checked.error, what).toMatch(why);
    }
    const { rows } = await admin.query('select 1 from raw_events where workspace_id = $1', [ivy.workspaceId]);
    expect(rows).toEqual([]);
    const odd = await uploadTo(
      bench,
      cookie,
      await pack([{ ...settingsFile, text: JSON.stringify(zone) }, eventsFile]),
    );
    expect((await stepImport(bench, cookie, odd.id, 'apply')).error).toMatch(/Mars\/Olympus/);
    expect((await uploadTo(bench, cookie, good)).state).toBe('checked');
  });

  it('is not fooled by a bomb: what unpacks to more than it says is put out', async () => {
    const bomb = { name: 'workspaces/1/bomb.json', text: ' '.repeat(20_000_000) };
    const file = await pack([settingsFile, eventsFile, bomb]);
    expect(file.length).toBeLessThan(200_000);
    // The directory of the archive is made to say that the bomb is small.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(20_000_000);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(10);
    const lying = Buffer.from(
      file.toString('latin1').replaceAll(size.toString('latin1'), small.toString('latin1')),
      'latin1',
    );
    const checked = await uploadTo(bench, cookie, lying);
    expect(checked).toMatchObject({ state: 'failed', error: expect.stringMatching(/size|damaged/) as string });
  });

  it('takes parts of the size it asked for, all of them, from its own person, before anything is looked at', async () => {
    const file = await pack([settingsFile, eventsFile]);
    const headers = headersOf(cookie);
    const begin = (bytes: number) =>
      bench.app.inject({ method: 'POST', url: '/api/v1/imports', headers, payload: { bytes } });
    const { id } = (await begin(file.length)).json<{ id: string }>();
    const part = (payload: Buffer, more: Record<string, string> = {}, number = 0) =>
      bench.app.inject({
        method: 'PUT',
        url: `/api/v1/imports/${id}/parts/${number}`,
        headers: { ...headers, 'content-type': 'application/octet-stream', ...more },
        payload,
      });
    expect((await bench.app.inject({ method: 'POST', url: `/api/v1/imports/${id}/check`, headers })).statusCode).toBe(
      409,
    );
    expect((await part(file.subarray(1))).statusCode).toBe(400);
    expect((await part(file, {}, 1)).statusCode).toBe(400);
    expect((await part(file, {}, -1)).json()).toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'address.part' }],
    });
    expect((await part(file, { 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await part(Buffer.alloc(5 * 1024 * 1024))).statusCode).toBe(413);
    const stranger = await bench.session(await bench.addAccount('Joe'));
    expect((await part(file, { cookie: stranger })).statusCode).toBe(404);
    expect((await part(file)).statusCode).toBe(204);
    expect((await part(file)).statusCode).toBe(204);
    expect((await bench.app.inject({ method: 'POST', url: `/api/v1/imports/${id}/apply`, headers })).statusCode).toBe(
      409,
    );
    expect((await begin(3 * 1024 ** 3)).statusCode).toBe(400);
    expect((await stepImport(bench, cookie, (await uploadTo(bench, cookie, file)).id, 'apply')).state).toBe('done');
    expect((await admin.query('select 1 from raw_events where workspace_id = $1', [ivy.workspaceId])).rowCount).toBe(1);
  });

  it('is for owners', async () => {
    const team = await bench.addTeam();
    const kim = await bench.addAccount('Kim');
    await bench.join(kim, team, 'member');
    const answer = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/imports',
      headers: headersOf(await bench.session(kim, team)),
      payload: { bytes: 10 },
    });
    expect(answer.statusCode).toBe(403);
  });
});
