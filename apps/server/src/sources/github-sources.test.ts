import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foldFacts } from '@devpulse/connectors/github/testing/fold-facts';
import { tellWorld, worldOf } from '@devpulse/connectors/github/testing/tell-world';
import { type GithubCounterpart, openGithub } from '../../../../test/github/open-github.ts';
import { makeDue } from './make-due.ts';
import { type Watched, watchRepository } from './testing/watched-repository.ts';

let github: GithubCounterpart;
let watched: Watched;
const repository = 'harbor/harbor-web';
const as = 'mira';

beforeAll(async () => {
  github = await openGithub({ grow: { seed: 'sources', repositories: 1, commits: 60, pulls: 12, issues: 8 } });
});
afterAll(() => github.close());
beforeEach(async () => {
  watched = await watchRepository(github, { repository, as, history: 'all' });
});
afterEach(async () => {
  github.limits.clear();
  github.faults.clear();
  await watched.close();
});

const told = async () => tellWorld([...foldFacts(await watched.facts()).values()], github.repository(repository).id);
const real = () => worldOf(github, github.repository(repository).id);

describe('a repository that is watched', () => {
  it('is read to its end, and every fact is as it is there', async () => {
    expect(await watched.readAll()).toMatchObject({ outcome: 'ok' });
    expect(await told()).toEqual(real());
    expect(await watched.view()).toMatchObject({
      state: 'ok',
      lastError: null,
      progress: null,
      monitor: { failures: 0, waitingUntil: null, lastReconciledAt: expect.any(String) as unknown },
    });
  });

  it('is read by one process at a time, whoever wants it', async () => {
    const results = await Promise.all([watched.look(), watched.look(), watched.look()]);
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['busy', 'busy', 'ok']);
  });

  it('is called what it is called there', async () => {
    await watched.readAll();
    github.act.renameRepository({ repository, by: as, name: 'other-web' });
    await watched.look();
    expect((await watched.view()).name).toBe('harbor/other-web');
    github.act.renameRepository({ repository: 'harbor/other-web', by: as, name: 'harbor-web' });
  });
});

describe('when it is looked at next', () => {
  it('is later while nothing happens, and at once when it tells of something during a look', async () => {
    await watched.readAll();
    await watched.set('look_seconds = 60');
    await watched.look();
    expect((await watched.view()).monitor.everySeconds).toBe(120);
    const due = () => watched.ask<{ due: boolean }>('next_look_at <= now() as due');
    expect(await due()).toEqual({ due: false });
    const { store, workspaceId } = watched.test;
    const { id } = github.repository(repository);
    const keys = [`127.0.0.1/${id}`, '127.0.0.1/1'];
    // The first answer is none, so that the look lasts until it has asked again.
    github.faults.add({ kind: 500, times: 1 });
    const looking = watched.look();
    // The lease is taken first; what is told after that may be missed by this look.
    await expect.poll(() => watched.ask<{ led: boolean }>('lease_owner is not null as led')).toEqual({ led: true });
    await expect.poll(() => github.requests.at(-1)?.path).toBeDefined();
    expect(await store.inWorkspace(workspaceId, (trx) => makeDue(trx, workspaceId, keys))).toEqual([watched.sourceId]);
    expect((await looking).outcome).toBe('ok');
    expect((await watched.view()).monitor.lastEventAt).not.toBeNull();
  });

  it('is at once after an event that came while it was read', async () => {
    await watched.readAll();
    const { store, workspaceId } = watched.test;
    await watched.set("stirred_at = now() + interval '1 hour'");
    await watched.look();
    expect(await watched.ask('next_look_at <= now() as due')).toEqual({ due: true });
    await watched.set('stirred_at = null');
    await watched.look();
    expect(await watched.ask('next_look_at <= now() as due')).toEqual({ due: false });
    await store.inWorkspace(workspaceId, (trx) =>
      makeDue(trx, workspaceId, [`127.0.0.1/${github.repository(repository).id}`]),
    );
    expect(await watched.ask('next_look_at <= now() as due')).toEqual({ due: true });
  });
});

describe('a source that asks us to wait', () => {
  it('keeps its state, says until when, and is asked nothing before', async () => {
    await watched.readAll();
    github.limits.secondary('*', 600, { status: 403, retryAfter: 600 });
    expect((await watched.look()).outcome).toBe('waiting');
    const asked = github.requests.length;
    expect((await watched.look()).outcome).toBe('waiting');
    expect(github.requests.length).toBe(asked);
    const { state, lastError, monitor } = await watched.view();
    expect({ state, lastError, failures: monitor.failures }).toEqual({ state: 'ok', lastError: null, failures: 0 });
    expect(Date.parse(monitor.waitingUntil ?? '')).toBeGreaterThan(Date.now() + 500_000);
    expect(Date.parse(monitor.nextLookAt)).toBeGreaterThan(Date.now() + 500_000);
    expect(github.requests.filter(({ isBreach }) => isBreach)).toEqual([]);
  });

  it('goes on telling what is new while the past has to wait', async () => {
    github.limits.set(as, { resource: 'graphql', limit: 5000, remaining: 960, resetIn: 1800 });
    // The first answer tells how little is left.
    const results = [await watched.look(), await watched.look()];
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    const { state, monitor } = await watched.view();
    expect(state).toBe('reading');
    expect(monitor.waitingUntil).not.toBeNull();
    expect(monitor.lastReconciledAt).not.toBeNull();
  });
});

describe('a connection that is lost', () => {
  it('ends in one state that says so, asks nothing more, and keeps what was read', async () => {
    await watched.readAll();
    const before = await told();
    github.revokeToken(watched.token);
    expect(await watched.look()).toMatchObject({ outcome: 'failed', retry: false });
    expect(await watched.view()).toMatchObject({ state: 'failed', lastError: { code: 'reconnect' } });
    const asked = github.requests.length;
    await watched.look();
    expect(github.requests.length).toBe(asked);
    expect(await told()).toEqual(before);
  });

  it('is found out in the middle of a first look, which goes on with another token where it was', async () => {
    github.faults.add({ kind: 502, path: /actions\/runs/ });
    expect(await watched.look()).toMatchObject({ outcome: 'failed', retry: true });
    expect(await watched.view()).toMatchObject({ state: 'failed', lastError: { code: 'failed' } });
    github.faults.clear();
    github.refuseAllTokens(true);
    expect(await watched.look()).toMatchObject({ outcome: 'failed', retry: false });
    github.refuseAllTokens(false);
    await watched.reconnect();
    expect(await watched.readAll()).toMatchObject({ outcome: 'ok' });
    expect(await told()).toEqual(real());
    expect(await watched.view()).toMatchObject({ state: 'ok', lastError: null, monitor: { failures: 0 } });
  });
});

describe('a repository that is no more', () => {
  it('is told as gone when it is missing twice and the listing has it no more; nothing is deleted', async () => {
    github.seedRepository({
      name: 'mira/short',
      commits: [{ message: 'Begin', author: { name: 'Mira', email: 'mira@example.org' } }],
    });
    const short = await watchRepository(github, { repository: 'mira/short', as });
    await short.readAll();
    const commits = async () => (await short.facts()).filter(({ fact }) => fact === 'commit').length;
    const before = await commits();
    github.act.deleteRepository({ repository: 'mira/short', by: as });
    await short.look();
    expect(await short.view()).toMatchObject({ state: 'failed', lastError: { code: 'missing' } });
    await short.look();
    expect(await short.view()).toMatchObject({ state: 'failed', lastError: { code: 'gone' } });
    expect((await short.facts()).filter((one) => one.fact === 'repository' && one.state === 'gone')).toHaveLength(1);
    expect(await commits()).toBe(before);
    await short.close();
  });
});
