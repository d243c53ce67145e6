import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { appSecret, type HookedApp, openHookedApp, sign, type TestHook } from './testing/hooked-app.ts';

let api: HookedApp;
let hook: TestHook;
let other: TestHook;
beforeAll(async () => {
  api = await openHookedApp();
  const neighbour = await api.addWorkspace();
  other = await api.addHook({ workspaceId: neighbour.workspaceId });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.asOwner('set row_security = off; truncate raw_events, github_unclaimed_deliveries, limit_buckets cascade');
  hook = await api.addHook({ previous: 'the secret before' });
  await api.watch(1);
});

const body = '{"ref":"refs/heads/main","repository":{"id":1,"full_name":"ada/site"}}';

describe('POST /webhooks/github/:hook', () => {
  it('stores a delivery byte for byte before it answers, under the hook and the name that GitHub gave it', async () => {
    const odd = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0x00]), Buffer.from('", "b" : 1e400}\n')]);
    const answer = await api.deliver(hook, { body: odd, id: 'guid-1', event: 'issues' });
    expect([answer.statusCode, answer.body]).toEqual([202, '{"taken":true}']);
    expect(await api.stored()).toEqual([
      { key: `hook:${hook.id}:guid-1`, kind: 'hook.issues', body: odd, state: 'pending' },
    ]);
  });

  it('marks what is about a repository that nobody watches, or that is paused, so that nothing of it is read', async () => {
    const about = (id: number): string => `{"commits":[{"repository":{"id":1}}],"repository":{"id":${id}}}`;
    for (const id of [1, 2]) await api.deliver(hook, { body: about(id) });
    await api.store.inWorkspace(api.workspaceId, (trx) => sql`update sources set state = 'paused'`.execute(trx));
    await api.deliver(hook, { body: about(1) });
    await api.deliver(hook, { body: '{"organization":{"id":1}}', event: 'membership' });
    const kinds = (await api.stored()).map((event) => event.kind);
    expect(kinds).toEqual(['hook.push', 'unwatched.push', 'unwatched.push', 'hook.membership']);
    await api.store.inWorkspace(api.workspaceId, (trx) => sql`delete from sources`.execute(trx));
  });

  it('takes a repeat for what it is, and keeps another body under the same name beside it', async () => {
    for (const told of [body, body, `${body} `]) {
      const answer = await api.deliver(hook, { body: told, id: 'guid-1' });
      expect(answer.statusCode).toBe(202);
    }
    const stored = await api.stored();
    expect(stored.map((event) => event.body.toString()).toSorted()).toEqual([body, `${body} `].toSorted());
  });

  it('keeps what has no name, no known event and no body', async () => {
    const headers = { 'x-github-delivery': 'a b\u00e9', 'x-github-event': 'No Such Event' };
    expect((await api.deliver(hook, { body: '', headers })).statusCode).toBe(202);
    const [event] = await api.stored();
    expect(event?.kind).toBe('hook.unnamed');
    expect(event?.key).toMatch(new RegExp(`^hook:${hook.id}:sha256-[0-9a-f]{64}$`));
  });

  it('counts the old and the new secret while one follows the other, and the old one no longer than that', async () => {
    expect((await api.deliver(hook, { body, secret: 'the secret before' })).statusCode).toBe(202);
    const late = await api.addHook({ previous: 'the secret before' });
    await api.store.inWorkspace(api.workspaceId, (trx) =>
      sql`update hooks set previous_until = now() - interval '1 second' where id = ${late.id}::uuid`.execute(trx),
    );
    expect((await api.deliver(late, { body, secret: 'the secret before' })).statusCode).toBe(401);
    expect((await api.deliver(late, { body })).statusCode).toBe(202);
  });
});

describe('a delivery without a signature that counts', () => {
  const right = sign(body, 'x');
  const table: [string, (known: TestHook) => Record<string, string>][] = [
    ['a wrong secret', () => ({ 'x-hub-signature-256': sign(body, 'another secret') })],
    ['the secret of another tenant', () => ({ 'x-hub-signature-256': sign(body, other.secret) })],
    ['the signature of another body', (known) => ({ 'x-hub-signature-256': sign(`${body} `, known.secret) })],
    ['no signature', () => ({ 'x-hub-signature-256': '' })],
    [
      'only one of SHA-1',
      (known) => ({
        'x-hub-signature-256': '',
        'x-hub-signature': `sha1=${createHmac('sha1', known.secret).update(body).digest('hex')}`,
      }),
    ],
    [
      'SHA-1 in its place',
      (known) => ({
        'x-hub-signature-256': `sha1=${createHmac('sha1', known.secret).update(body).digest('hex')}`,
      }),
    ],
    ['capitals', (known) => ({ 'x-hub-signature-256': sign(body, known.secret).toUpperCase() })],
    [
      'capital digits',
      (known) => ({
        'x-hub-signature-256': `sha256=${sign(body, known.secret).slice(7).toUpperCase()}`,
      }),
    ],
    ['a cut one', (known) => ({ 'x-hub-signature-256': sign(body, known.secret).slice(0, -2) })],
    ['a longer one', (known) => ({ 'x-hub-signature-256': `${sign(body, known.secret)}00` })],
    ['the digits alone', (known) => ({ 'x-hub-signature-256': sign(body, known.secret).slice(7) })],
    ['the signature of an empty secret', () => ({ 'x-hub-signature-256': sign(body, '') })],
  ];

  it.each(table)('is refused: %s', async (_name, headersFor) => {
    const answer = await api.deliver(hook, { body, headers: headersFor(hook) });
    expect(answer.statusCode).toBe(401);
    expect(shapeOf(answer.body)).toEqual(shapeOf((await api.deliver(hook, { body, secret: 'wrong' })).body));
    expect(await api.stored()).toEqual([]);
  });

  it('is answered the same for hooks that there are none of, and where no secret is set', async () => {
    const refused = shapeOf((await api.deliver(hook, { body, secret: 'wrong' })).body);
    for (const id of [newId(), 'app', 'x', `${hook.id}x`]) {
      const answer = await api.deliver({ ...hook, id }, { body });
      expect([id, answer.statusCode, shapeOf(answer.body)]).toEqual([id, 401, refused]);
    }
    await api.setApp(null);
    const app = await api.deliver('app', { body, headers: { 'x-hub-signature-256': right } });
    expect([app.statusCode, shapeOf(app.body)]).toEqual([401, refused]);
  });

  it('is noted once a minute in the audit log of whose hook it is, and counted each time', async () => {
    for (let at = 0; at < 5; at += 1) await api.deliver(hook, { body, secret: 'wrong' });
    const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
      sql<{ notes: number }>`
        select count(*) as notes from audit_entries where action = 'hook.refused_delivery' and target_id = ${hook.id}`.execute(
        trx,
      ),
    );
    expect(Number(rows[0]?.notes)).toBe(1);
    expect((await api.deps.telemetry.expose()).text).toMatch(
      /devpulse_events_captured_total\{source="github",outcome="refused"\} [1-9]/,
    );
  });

  it('leaves no trace of its name, so that the genuine one is taken afterwards', async () => {
    await api.deliver(hook, { body: '{"forged":true}', id: 'guid-1', secret: 'wrong' });
    expect((await api.deliver(hook, { body, id: 'guid-1' })).statusCode).toBe(202);
    expect((await api.stored()).map((event) => event.body.toString())).toEqual([body]);
  });
});

describe('POST /webhooks/github', () => {
  const of = (installation: number): string =>
    JSON.stringify({
      action: 'opened',
      note: { installation: { id: 1 } },
      installation: { id: installation, node_id: 'x' },
    });

  beforeAll(async () => {
    await api.setApp(appSecret);
    await api.addInstallation('41', other.workspaceId);
    await api.addInstallation('42', null);
  });

  it('gives a delivery to the workspace that claimed the installation, and to nobody else', async () => {
    expect((await api.deliver('app', { body: of(41), id: 'guid-41' })).statusCode).toBe(202);
    expect((await api.stored(other.workspaceId)).map((event) => event.key)).toEqual(['hook:app:guid-41']);
    expect(await api.stored()).toEqual([]);
  });

  it('keeps what is for nobody yet, apart from all workspaces', async () => {
    for (const told of [of(42), of(43), '{"zen":"x","hook_id":1}', 'no JSON at all'])
      expect((await api.deliver('app', { body: told })).statusCode).toBe(202);
    expect([await api.stored(), await api.stored(other.workspaceId)]).toEqual([[], []]);
    const kept = await api.asOwner<{ installation: string | null }>(
      'select installation from github_unclaimed_deliveries order by installation nulls first',
    );
    expect(kept.map((row) => row.installation)).toEqual([null, null, '42', '43']);
  });
});

/** An answer without what differs from request to request. */
function shapeOf(text: string): object {
  const { requestId: _id, instance: _instance, ...shape } = JSON.parse(text) as Record<string, unknown>;
  return shape;
}
