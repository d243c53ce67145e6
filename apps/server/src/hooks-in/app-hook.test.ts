import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GithubApp, Installation } from '../../../../test/github/front/apps.ts';
import { openGithub } from '../../../../test/github/open-github.ts';
import { saveApp } from '../connections/app-store.ts';
import { handOver, trimUnclaimed } from './hand-over.ts';
import { sweepAppHook } from './sweep-app-hook.ts';
import { type HookedGithub, openHookedGithub } from './testing/hooked-github.ts';

let hooked: HookedGithub;
let app: GithubApp;
let installation: Installation;
const repository = 'harbor/quay';
const signal = new AbortController().signal;

beforeAll(async () => {
  const github = await openGithub({
    accounts: [
      { login: 'mira' },
      { login: 'harbor', type: 'Organization', members: [{ account: 'mira', role: 'admin' }] },
    ],
  });
  github.seedRepository({ name: repository, commits: [{ author: { name: 'Mira', email: 'mira@example.org' } }] });
  hooked = await openHookedGithub(github);
  app = github.registerApp('harbor', {
    name: 'Pulse',
    url: 'http://devpulse.test',
    hook_attributes: { url: `${hooked.url}/webhooks/github`, active: true },
    default_events: ['push', 'issues', 'repository', 'star'],
    default_permissions: { metadata: 'read', contents: 'read', issues: 'read' },
  }).app;
  const { store, deps } = hooked.api;
  await saveApp(
    { store, keyring: deps.keyring, github: deps.githubHost },
    {
      number: String(app.id),
      slug: app.slug,
      name: app.name,
      url: 'http://devpulse.test',
      owner: 'harbor',
      clientId: null,
      clientSecret: null,
      privateKey: app.pem,
      webhookSecret: app.webhookSecret,
      permissions: {},
      events: [],
    },
  );
});
afterAll(() => hooked.close());
beforeEach(async () => {
  await hooked.api.asOwner(
    'set row_security = off; truncate raw_events, github_unclaimed_deliveries, github_installations, github_app_hooks cascade',
  );
  for (const one of hooked.github.installations.values()) hooked.github.uninstall(one, 'mira');
  await hooked.github.office.settled();
  await hooked.api.asOwner('truncate github_unclaimed_deliveries, github_installations, github_app_hooks');
  await hooked.api.watch(hooked.github.repository(repository).id);
  installation = hooked.github.install(app, 'harbor');
  await hooked.github.office.settled();
});

const push = async (message: string): Promise<void> => {
  hooked.github.act.push({ repository, by: 'mira', commits: [{ message }] });
  await hooked.github.office.settled();
};
const handed = () => handOver({ ...hooked.parts, capture: hooked.api.deps.capture }, signal);
const claim = (workspaceId: string) =>
  sql`select claim_installation('127.0.0.1', ${String(installation.id)}, ${workspaceId})`.execute(hooked.api.store.app);
const waiting = () =>
  hooked.api.asOwner<{ event: string }>('select event from github_unclaimed_deliveries order by received_at, id');
const kinds = async (workspaceId?: string) => (await hooked.api.stored(workspaceId)).map(({ kind }) => kind).toSorted();

describe('deliveries of the App', () => {
  it('are kept while nobody has claimed the installation, which is known of meanwhile, and handed over then', async () => {
    await push('before anybody asked');
    expect((await waiting()).map((row) => row.event)).toEqual(['installation', 'push']);
    expect(await handed()).toBe(0);
    await claim(hooked.api.workspaceId);
    expect(await handed()).toBe(2);
    expect(await kinds()).toEqual(['hook.installation', 'hook.push']);
    expect([await waiting(), await handed()]).toEqual([[], 0]);
    await push('after');
    expect(await kinds()).toEqual(['hook.installation', 'hook.push', 'hook.push']);
  });

  it('are handed over once, though the process died between the two writes', async () => {
    await push('told once');
    const kept = await hooked.api.asOwner<Record<string, unknown>>('select id from github_unclaimed_deliveries');
    await handed();
    await claim(hooked.api.workspaceId);
    await hooked.api.asOwner('create table kept as select * from github_unclaimed_deliveries');
    await handed();
    await hooked.api.asOwner('insert into github_unclaimed_deliveries select * from kept; drop table kept');
    await handed();
    expect((await hooked.api.stored()).length).toBe(kept.length);
  });

  it('go to nobody but whoever claimed it, and after a day to nobody', async () => {
    const other = await hooked.api.addWorkspace();
    await handed();
    await claim(other.workspaceId);
    await hooked.api.watch(hooked.github.repository(repository).id, other.workspaceId);
    await push('theirs');
    expect(await kinds(hooked.api.workspaceId)).toEqual([]);
    expect(await kinds(other.workspaceId)).toContain('hook.push');
    await sql`select release_installation('127.0.0.1', ${String(installation.id)}, ${other.workspaceId})`.execute(
      hooked.api.store.app,
    );
    await push('nobody’s');
    await hooked.api.asOwner("update github_unclaimed_deliveries set received_at = now() - interval '25 hours'");
    await trimUnclaimed(hooked.api.store);
    expect(await waiting()).toEqual([]);
  });

  it('are refused beyond what may be kept for nobody, so that GitHub knows', async () => {
    await hooked.api.asOwner(
      `insert into github_unclaimed_deliveries (id, host, delivery, installation, event, body, body_encoding, body_sha256)
       select gen_random_uuid(), '127.0.0.1', 'x' || n, '${installation.id}', 'push', '', 'identity', '' from generate_series(1, 5000) n`,
    );
    await push('one too many');
    expect(hooked.github.deliveries.at(-1)?.statusCode).toBe(503);
  });
});

describe('the sweeper', () => {
  it('asks as the App for what did not come in, and leaves alone what waits for somebody', async () => {
    await handed();
    await sweepAppHook(hooked.parts);
    hooked.github.clock.shift(3_600_000);
    await sweepAppHook(hooked.parts);
    await push('waits for somebody');
    const { office, clock } = hooked.github;
    office.weather = { fails: 1 };
    await push('lost');
    office.weather = {};
    const lost = hooked.github.deliveries.filter((one) => one.statusCode === 504).length;
    clock.shift(120_000);
    expect((await sweepAppHook(hooked.parts)).asked).toBe(lost);
    await office.settled();
    const kept = await hooked.api.asOwner<{ delivery: string }>('select delivery from github_unclaimed_deliveries');
    const guids = hooked.github.deliveries.slice(-3).map((one) => one.guid);
    expect(guids.filter((guid) => !kept.some(({ delivery }) => delivery === guid))).toEqual([]);
    expect((await sweepAppHook(hooked.parts)).asked).toBe(0);
  });
});
