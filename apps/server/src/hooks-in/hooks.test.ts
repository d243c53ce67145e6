import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryView, HookList } from '@devpulse/contract/wire/hooks';
import { openGithub } from '../../../../test/github/open-github.ts';
import { commandLineActor } from '../audit/record-audit.ts';
import { disconnect } from '../connections/disconnect.ts';
import { type HookedGithub, openHookedGithub, publicOrigin } from './testing/hooked-github.ts';
import { stripUnwatched } from './hand-over.ts';
import { sweepOwnHooks } from './sweep-own-hooks.ts';

let hooked: HookedGithub;
let source: { sourceId: string; connectionId: string };
const repository = 'harbor/quay';
const day = 86_400_000;

beforeAll(async () => {
  const github = await openGithub({
    accounts: [
      { login: 'mira' },
      { login: 'jonas' },
      { login: 'harbor', type: 'Organization', members: [{ account: 'mira', role: 'admin' }, { account: 'jonas' }] },
    ],
  });
  github.seedRepository({ name: repository, commits: [{ author: { name: 'Mira', email: 'mira@example.org' } }] });
  github.seedRepository({ name: 'harbor/pier', visibility: 'public' });
  hooked = await openHookedGithub(github);
  source = await hooked.watch(repository, 'mira');
});
afterAll(() => hooked.close());

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  hooked.api.ask({ method, url, headers: { host: 'devpulse.test' }, ...(payload === undefined ? {} : { payload }) });
const list = async () => (await ask('GET', '/api/v1/hooks')).json<HookList>();
const deliveries = async (query = '') =>
  (await ask('GET', `/api/v1/deliveries${query}`)).json<{ deliveries: DeliveryView[] }>().deliveries;
const sweep = async () => {
  await inStore("update hooks set swept_at = now() - interval '1 day'");
  return sweepOwnHooks(hooked.parts, hooked.api.workspaceId, new AbortController().signal);
};
const inStore = <Row>(query: string): Promise<Row[]> =>
  hooked.api.store.inWorkspace(hooked.api.workspaceId, async (trx) => (await sql.raw<Row>(query).execute(trx)).rows);
const push = async (message: string) => {
  hooked.github.act.push({ repository, by: 'mira', commits: [{ message }] });
  await hooked.github.office.settled();
};

describe('a hook that DevPulse makes', () => {
  it('is made by the connection that reads the repository, greeted, and told of in the list', async () => {
    const { id, remote } = await hooked.makeHook(source.sourceId);
    expect(hooked.github.hooks.get(remote)).toMatchObject({ contentType: 'json', insecureSsl: '0', isActive: true });
    await hooked.hear();
    const { hooks, isReachable, address } = await list();
    expect({ isReachable, address }).toEqual({ isReachable: true, address: `${publicOrigin}/webhooks/github` });
    expect(hooks).toMatchObject([{ id, name: repository, state: 'active', reason: null, alsoToldBy: [] }]);
    expect(hooks[0]?.pingedAt).not.toBeNull();
  });

  it('is not made twice, nor by a connection that may not, nor where GitHub cannot come to', async () => {
    const again = await ask('POST', `/api/v1/sources/${source.sourceId}/hook`, {});
    expect([again.statusCode, again.json<{ detail: string }>().detail]).toEqual([
      409,
      `${repository} has a webhook of ours already.`,
    ]);
    const poor = await hooked.watch('harbor/pier', 'jonas', ['read:org']);
    const before = (await list()).hooks.length;
    const refused = await ask('POST', `/api/v1/sources/${poor.sourceId}/hook`, {});
    expect([refused.statusCode, refused.json<{ detail: string }>().detail]).toEqual([
      409,
      expect.stringContaining('somebody who administers'),
    ]);
    const local = await hooked.api.ask({ method: 'POST', url: `/api/v1/sources/${poor.sourceId}/hook`, payload: {} });
    expect([local.statusCode, local.json<{ detail: string }>().detail]).toEqual([
      409,
      expect.stringContaining('Webhooks cannot reach this address'),
    ]);
    expect((await list()).hooks).toHaveLength(before);
  });

  it('makes its sources due, follows connections, and fills the log of deliveries', async () => {
    await inStore("update sources set next_look_at = now() + interval '1 hour', last_event_at = null");
    await push('Tell of it');
    const { heard, soon } = await hooked.hear();
    expect(heard).toBeGreaterThan(0);
    expect(soon).toContainEqual({ workspaceId: hooked.api.workspaceId, sourceId: source.sourceId });
    const [row] = await inStore(
      `select next_look_at <= now() as due, last_event_at is not null as told from sources where id = '${source.sourceId}'`,
    );
    expect(row).toEqual({ due: true, told: true });
    await hooked.drain();
    const [delivery] = await deliveries('?event=push&repository=QUAY');
    expect(delivery).toMatchObject({ event: 'push', hookName: repository, state: 'done', repeats: null });
    expect(delivery?.repository?.name).toBe(repository);
    const one = (await ask('GET', `/api/v1/deliveries/${delivery?.id}`)).json<{ body: { content: string } }>();
    expect(one.body.content).toContain('"ref":"refs/heads/main"');
    expect(await deliveries(`?delivery=${delivery?.delivery}`)).toHaveLength(1);
    expect(await deliveries('?state=dead')).toEqual([]);
    expect(await deliveries(`?to=${new Date(Date.now() - day).toISOString()}`)).toEqual([]);
    expect((await ask('POST', '/api/v1/deliveries/replay', { ids: [delivery?.id] })).json()).toEqual({ replayed: 1 });
    expect((await hooked.hear()).heard).toBe(0);
  });

  it('flags a body that comes again under another name, in the log and the audit log, and changes no fact', async () => {
    const [first] = await deliveries('?event=push');
    const told = hooked.github.deliveries.find((one) => one.guid === first?.delivery);
    const facts = await inStore('select * from fact_pushes');
    const answer = await fetch(told?.hook.url ?? '', {
      method: 'POST',
      headers: { ...told?.requestHeaders, 'x-github-delivery': 'sent-again' },
      body: new Uint8Array(told?.body ?? []),
    });
    expect(answer.status).toBe(202);
    await hooked.hear();
    await hooked.drain();
    expect(await deliveries('?repeated=true')).toMatchObject([{ delivery: 'sent-again', repeats: first?.id }]);
    expect(await inStore('select * from fact_pushes')).toEqual(facts);
    const notes = await inStore("select target_name from audit_entries where action = 'hook.repeated_delivery'");
    expect(notes).toEqual([{ target_name: 'sent-again' }]);
  });
});

describe('another secret', () => {
  it('counts at once, and what was signed with the old one still does', async () => {
    const [hook] = [...hooked.github.hooks.values()];
    const { id = '' } = (await list()).hooks[0] ?? {};
    const address = hook?.url ?? '';
    const old = hook?.secret ?? '';
    const answer = await ask('POST', `/api/v1/hooks/${id}/rotate`);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(hook?.secret).not.toBe(old);
    expect(hook?.url).toBe(`${publicOrigin}/webhooks/github/${id}`);
    if (hook !== undefined) hook.url = address;
    const told = { id, workspaceId: hooked.api.workspaceId, secret: old };
    const before = await hooked.api.deliver(told, { body: '{"signed":"before"}' });
    const after = await hooked.api.deliver({ ...told, secret: hook?.secret ?? '' }, { body: '{"signed":"after"}' });
    expect([before.statusCode, after.statusCode]).toEqual([202, 202]);
  });

  it('is not taken where GitHub refuses it, and what GitHub may have heard counts beside the old one', async () => {
    const [hook] = [...hooked.github.hooks.values()];
    const { id = '' } = (await list()).hooks[0] ?? {};
    hooked.github.faults.add({ kind: 500, path: /hooks/, times: 1 });
    const answer = await ask('POST', `/api/v1/hooks/${id}/rotate`);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    const told = { id, workspaceId: hooked.api.workspaceId, secret: hook?.secret ?? '' };
    expect((await hooked.api.deliver(told, { body: '{"signed":"as before"}' })).statusCode).toBe(202);
  });
});

describe('deliveries that did not come in', () => {
  it('are asked for again, each once in a pause, until they are here', async () => {
    await sweep();
    const { office, clock } = hooked.github;
    office.weather = { fails: 1 };
    for (const message of ['one', 'two', 'three']) await push(message);
    office.weather = {};
    const lost = hooked.github.deliveries.filter((one) => one.statusCode === 504).map((one) => one.guid);
    clock.shift(120_000);
    const { asked } = await sweep();
    expect(asked).toBe(lost.length);
    await office.settled();
    const stored = new Set((await hooked.api.stored()).map(({ key }) => key.split(':').at(-1)));
    expect(lost.filter((guid) => !stored.has(guid))).toEqual([]);
    expect((await sweep()).asked).toBe(0);
    expect((await list()).hooks[0]?.lastGapAt).not.toBeNull();
    await hooked.hear();
  });

  it('are not asked for again at every look while that does not help', async () => {
    const { office, clock } = hooked.github;
    office.weather = { fails: 1 };
    await push('lost');
    office.weather = {};
    const hook = [...hooked.github.hooks.values()][0];
    const { url = '' } = hook ?? {};
    if (hook !== undefined) hook.url = `${hooked.url}/nowhere`;
    clock.shift(120_000);
    const first = (await sweep()).asked;
    await office.settled();
    expect([first > 0, (await sweep()).asked]).toEqual([true, 0]);
    clock.shift(6 * 60_000);
    expect((await sweep()).asked).toBe(first);
    await office.settled();
    if (hook !== undefined) hook.url = url;
    clock.shift(30 * 60_000);
    expect((await sweep()).asked).toBe(first);
    await office.settled();
    clock.shift(30 * 60_000);
    expect((await sweep()).asked).toBe(0);
  });

  it('are closed by reading everything, once they are older than GitHub keeps them', async () => {
    const { office, clock } = hooked.github;
    expect((await sweep()).soon).toEqual([]);
    office.weather = { vanishes: 1 };
    await push('never told');
    office.weather = {};
    clock.shift(8 * day);
    const { asked, soon } = await sweep();
    expect(asked).toBe(0);
    expect(soon).toEqual([{ workspaceId: hooked.api.workspaceId, sourceId: source.sourceId }]);
    expect((await sweep()).soon).toEqual([]);
  });
});

describe('two hooks for one repository', () => {
  it('are said to be two, and count once', async () => {
    await hooked.makeHook(source.sourceId, 'organization');
    await push('told twice');
    await hooked.hear();
    await hooked.drain();
    expect((await list()).hooks.map(({ name, alsoToldBy }) => ({ name, alsoToldBy }))).toEqual([
      { name: 'harbor', alsoToldBy: [repository] },
      { name: repository, alsoToldBy: ['harbor'] },
    ]);
    const pushes = await inStore('select after from fact_pushes group by after having count(*) > 1');
    expect(pushes).toEqual([]);
  });
});

describe('what a hook tells of repositories that nobody watches', () => {
  it('is set aside with the reason, and its body goes', async () => {
    hooked.github.seedRepository({ name: 'harbor/dock' });
    hooked.github.act.openIssue({ repository: 'harbor/dock', by: 'mira', title: 'Not ours to read' });
    await hooked.github.office.settled();
    await hooked.hear();
    await hooked.drain();
    const [one] = await deliveries('?repository=dock');
    expect(one).toMatchObject({ event: 'issues', state: 'ignored', reason: 'not_watched' });
    expect(await inStore("select 1 as one from fact_issues where title like 'Not ours%'")).toEqual([]);
    await inStore(`update raw_events set received_at = now() - interval '2 hours' where id = '${one?.id}'`);
    expect(await stripUnwatched(hooked.api.store, hooked.api.workspaceId)).toBe(1);
    expect((await deliveries('?repository=dock'))[0]?.storedBytes).toBeNull();
  });
});

describe('a hook that ends', () => {
  it('is known to be gone when somebody removed it at GitHub', async () => {
    const hook = [...hooked.github.hooks.values()].find((one) => one.kind === 'organization');
    hooked.github.hooks.delete(hook?.id ?? 0);
    await sweep();
    expect((await list()).hooks.map(({ name, state }) => [name, state])).toEqual([
      ['harbor', 'removed'],
      [repository, 'active'],
    ]);
  });

  it('is removed by whoever asks for it, and made anew', async () => {
    const gone = await ask('DELETE', `/api/v1/sources/${source.sourceId}/hook`);
    expect([gone.statusCode, gone.json()]).toEqual([200, { left: null }]);
    expect(hooked.github.hooks.size).toBe(0);
    hooked.github.office.hold();
    const made = await ask('POST', `/api/v1/sources/${source.sourceId}/hook`, {});
    expect([made.statusCode, made.json<{ name: string }>().name]).toEqual([201, repository]);
    for (const hook of hooked.github.hooks.values()) hook.url = hook.url.replace(publicOrigin, hooked.url);
    hooked.github.office.release();
    await hooked.github.office.settled();
    const other = (await list()).hooks.find((hook) => hook.name === 'harbor');
    expect((await ask('DELETE', `/api/v1/hooks/${other?.id}`)).json()).toEqual({ left: null });
    expect((await list()).hooks.map(({ name }) => name)).toEqual([repository]);
  });

  it('is removed at GitHub with the connection that made it, and nothing it delivers counts any more', async () => {
    const asked = { workspaceId: hooked.api.workspaceId, connectionId: source.connectionId, actor: commandLineActor };
    await disconnect(hooked.parts, asked);
    expect([...hooked.github.hooks.values()]).toEqual([]);
    expect((await list()).hooks).toEqual([]);
    // With its event goes what was noted of a delivery, as when a source is erased.
    await inStore('delete from raw_events');
    expect(await inStore('select * from hook_deliveries')).toEqual([]);
  });
});
