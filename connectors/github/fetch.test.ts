import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import { makeBusyWorld } from '../../test/github/busy-world.ts';
import { buildEnvelope } from './envelope.ts';
import { Died, openReader, type Reader } from './testing/open-reader.ts';
import { factsOfEvent, only } from './testing/read-facts.ts';
import { tellWorld, worldOf } from './testing/tell-world.ts';

let github: GithubCounterpart;
let token: string;
const repository = 'harbor/harbor-web';

beforeAll(async () => {
  github = await openGithub({ grow: { seed: 'pull', repositories: 1, commits: 230, pulls: 60, issues: 40 } });
  token = github.issueToken({ account: 'mira', scopes: ['repo', 'read:org'] }).value;
});
afterAll(() => github.close());
afterEach(() => {
  github.faults.clear();
  github.graphqlFaults.length = 0;
});

function open(settings: Partial<Reader['settings']> = {}): Reader {
  return openReader(github, repository, { token: () => token, settings });
}
const told = (reader: Reader) => tellWorld(reader.facts(), reader.settings.id);
const real = (reader: Reader) => worldOf(github, reader.settings.id);

/** Requests that cost something: an unchanged answer does not. */
function costOf(from: number): string[] {
  return github.requests
    .slice(from)
    .filter(({ status }) => status !== 304)
    .map(({ path }) => path);
}

describe('a first look', () => {
  it('ends at what is really there, and tells how far it is', async () => {
    const reader = open();
    await reader.readAll();
    const world = real(reader);
    expect([world['commits']?.length, world['pulls']?.length, world['issues']?.length]).toEqual([
      expect.any(Number),
      60,
      40,
    ]);
    expect(world['commits']?.length).toBeGreaterThan(250);
    expect(told(reader)).toEqual(world);
    const last = reader.progress.at(-1);
    expect(last?.kinds).toContainEqual({ kind: 'pulls', done: 60, total: 60 });
    expect(last?.since).toEqual(expect.any(String));
  });

  it('is the same however often the process is killed on the way', async () => {
    const reader = open();
    let deaths = 0;
    for (let seed = 7, looks = 0; looks < 2000; looks += 1) {
      // Any order of small numbers will do; at times it must get through a whole page.
      seed = (seed * 48_271) % 2_147_483_647;
      reader.breath = 20 + (seed % 100);
      try {
        if ((await reader.look()).left === 'nothing') break;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(10);
    reader.breath = Infinity;
    expect(await reader.look()).toMatchObject({ left: 'nothing' });
    expect(told(reader)).toEqual(real(reader));
  });

  it('is the same however often GitHub breaks down', async () => {
    const reader = open();
    const refusals: unknown[] = [];
    for (const kind of [502, 'cut', 'html', 'reset', 504] as const) github.faults.add({ kind, rate: 0.06 });
    for (let looks = 0; looks < 500; looks += 1) {
      const end = await reader.look().catch((error: unknown) => void refusals.push(error));
      if (end?.left === 'nothing') break;
    }
    for (const refusal of refusals) expect(refusal).toMatchObject({ name: 'SourceRefused', kind: 'failed' });
    expect(github.requests.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(20);
    expect(told(reader)).toEqual(real(reader));
  });

  it('asks for less at a time where GitHub takes too long', async () => {
    let asked: number[] = [];
    // A page of pull requests of more than five is too much, however often it is asked for.
    const slow: typeof globalThis.fetch = async (input, init) => {
      const body = typeof init?.body === 'string' ? init.body : '';
      const first = /"first":(\d+)/.exec(body)?.[1];
      if (!body.includes('pullRequests(first: $first') || first === undefined) return fetch(input, init);
      asked = [...asked, Number(first)];
      return Number(first) > 5 ? new Response('{}', { status: 504 }) : fetch(input, init);
    };
    const reader = openReader(github, repository, { token: () => token, fetch: slow });
    await reader.readAll();
    expect(new Set(asked)).toEqual(new Set([25, 5]));
    expect(told(reader)).toEqual(real(reader));
  });

  it('takes half an answer for none', async () => {
    const reader = open();
    const refusals: unknown[] = [];
    for (let looks = 0; looks < 60; looks += 1) {
      if (looks < 12) github.graphqlFaults.push(...Array<null>(looks % 4).fill(null), 'partial');
      const end = await reader.look().catch((error: unknown) => void refusals.push(error));
      if (end?.left === 'nothing' && looks >= 12) break;
    }
    expect(refusals.length).toBeGreaterThan(3);
    for (const refusal of refusals) expect(refusal).toMatchObject({ name: 'SourceRefused', kind: 'partial' });
    expect(told(reader)).toEqual(real(reader));
  });
});

describe('how far back', () => {
  it('can be extended, and then only what is missing is read', async () => {
    const reader = open({ history: 'quarter' });
    await reader.readAll();
    const quarter = told(reader);
    const world = real(reader);
    const day = new Date(github.clock.now().getTime() - 90 * 86_400_000).toISOString();
    const recent = world['pulls']?.filter((pull) => String(pull['createdAt']) > day) ?? [];
    expect(quarter['pulls']?.length).toBeLessThan(60);
    expect(quarter['pulls']).toEqual(expect.arrayContaining(recent));
    const commits = quarter['commits']?.length ?? 0;
    expect(commits).toBeGreaterThan(50);
    expect(commits).toBeLessThan(world['commits']?.length ?? 0);
    const before = github.requests.length;
    reader.settings = { ...reader.settings, history: 'all' };
    await reader.readAll();
    expect(told(reader)).toEqual(world);
    const files = costOf(before).filter((path) => /\/commits\/[0-9a-f]{40}$/.test(path)).length;
    expect(files).toBeLessThan((world['commits']?.length ?? 0) - 50);
  });
});

describe('a look at what did not change', () => {
  it('writes nothing and costs one point', async () => {
    const reader = open();
    await reader.readAll();
    const before = github.requests.length;
    expect(await reader.look()).toEqual({ left: 'nothing', added: 0 });
    expect(costOf(before)).toEqual(['/graphql']);
  });

  it('costs two more with a token that is new, and writes nothing either', async () => {
    let value = token;
    const reader = openReader(github, repository, { token: () => value });
    await reader.readAll();
    value = github.issueToken({ account: 'mira', scopes: ['repo', 'read:org'] }).value;
    const before = github.requests.length;
    expect(await reader.look()).toEqual({ left: 'nothing', added: 0 });
    expect(costOf(before)).toHaveLength(3);
  });
});

describe('what happens between two looks', () => {
  const name = 'harbor/quay';
  const by = 'mira';
  const about = { repository: name, by };
  let world: GithubCounterpart;
  let reader: Reader;
  beforeAll(async () => {
    world = await openGithub();
    makeBusyWorld(world);
    const value = world.issueToken({ account: by, scopes: ['repo', 'read:org'] }).value;
    reader = openReader(world, name, { token: () => value });
    await reader.readAll();
  });
  afterAll(() => world.close());
  const looked = () => tellWorld(reader.facts(), reader.settings.id);
  const there = () => worldOf(world, reader.settings.id);

  it('begins at what is there', () => {
    expect(looked()).toEqual(there());
    for (const kind of ['reviews', 'comments', 'issues', 'releases', 'statuses', 'runs', 'stars'])
      expect(looked()[kind], kind).not.toEqual([]);
  });

  it('tells the same moments by GraphQL as the REST API', async () => {
    const threads = only(reader.facts(), 'timeline');
    expect(threads.length).toBeGreaterThan(5);
    for (const { number, moments } of threads) {
      const answer = await fetch(`${world.apiUrl}/repos/${name}/issues/${number}/timeline?per_page=100`, {
        headers: { authorization: `Bearer ${world.issueToken({ account: by, scopes: ['repo'] }).value}` },
      });
      const { id, fullName } = reader.settings;
      const listed = buildEnvelope(
        'timeline',
        { host: '127.0.0.1', repository: { id, fullName }, at: new Date() },
        await answer.json(),
        { number, asOf: '2999-01-01T00:00:00Z' },
      );
      expect(moments).toEqual(only(factsOfEvent(listed), 'timeline')[0]?.moments);
    }
  });

  it.each<[string, () => unknown]>([
    ['a push', () => world.act.push({ ...about, commits: [{ message: 'One' }, { message: 'Two' }] })],
    [
      'a pull request of more commits than the REST API lists',
      () => {
        const commits = Array.from({ length: 260 }, (_, at) => ({ message: `Step ${at}` }));
        world.act.push({ ...about, branch: 'long', commits });
        world.act.openPull({ ...about, head: 'long' });
      },
    ],
    [
      'a merge by squash after a review',
      () => {
        world.act.push({ ...about, branch: 'small', commits: [{ message: 'Small' }] });
        const { number } = world.act.openPull({ ...about, head: 'small' });
        world.act.review({ ...about, by: 'jonas', number, state: 'APPROVED' });
        world.act.merge({ ...about, by: 'jonas', number, method: 'squash' });
      },
    ],
    ['an issue', () => world.act.openIssue({ ...about, title: 'It leaks' })],
    [
      'history that was pushed over',
      () => {
        const { branches, commits } = world.repository(name);
        const parent = commits.get(branches.get('main') ?? '')?.parents[0] ?? '';
        world.act.forcePush({ ...about, branch: 'main', onto: parent, commits: [{ message: 'Better' }] });
      },
    ],
    ['another default branch', () => world.act.setDefaultBranch({ ...about, branch: 'long' })],
    ['the default branch back', () => world.act.setDefaultBranch({ ...about, branch: 'main' })],
    ['a star', () => world.act.star({ ...about, by: 'zoe' })],
  ])('%s is found by the next look', async (_, act) => {
    world.clock.shift(90 * 60_000);
    act();
    const { added } = await reader.look();
    expect(added).toBeGreaterThan(0);
    // Files come last, each by itself.
    await reader.readAll();
    expect(looked()).toEqual(there());
    expect((await reader.look()).added).toBe(0);
  });

  it('another name and another owner are followed by the number', async () => {
    world.act.renameRepository({ ...about, name: 'pier' });
    await reader.look();
    world.act.transferRepository({ repository: 'harbor/pier', by, owner: by });
    world.act.push({ repository: `${by}/pier`, by, commits: [{ message: 'Moved' }] });
    await reader.look();
    expect(reader.names).toEqual(['harbor/pier', `${by}/pier`]);
    expect(looked()).toEqual(there());
  });

  it('every branch counts when that was chosen, and only the default one when it was chosen back', async () => {
    const count = () => looked()['commits']?.length ?? 0;
    const before = count();
    reader.settings = { ...reader.settings, branches: 'all' };
    await reader.readAll();
    expect(count()).toBeGreaterThan(before + 200);
    const branches = () => {
      const { branches: heads, commits } = world.repository(`${by}/pier`);
      const reached = new Set<string>();
      const waiting = [...heads.values()];
      for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
        if (reached.has(sha)) continue;
        reached.add(sha);
        waiting.push(...(commits.get(sha)?.parents ?? []));
      }
      return [...reached].toSorted();
    };
    const shas = () => (looked()['commits'] ?? []).map(({ sha }) => sha);
    expect(shas()).toEqual(branches());
    const here = { repository: `${by}/pier`, by };
    world.act.push({ ...here, branch: 'one', commits: [{ message: 'A' }, { message: 'B' }] });
    await reader.look();
    expect(shas()).toEqual(branches());
    world.act.push({ ...here, branch: 'one', commits: [{ message: 'C' }] });
    world.act.deleteBranch({ ...here, name: 'small' });
    await reader.look();
    expect(shas()).toEqual(branches());
    world.act.deleteBranch({ ...here, name: 'one' });
    world.act.deleteBranch({ ...here, name: 'long' });
    await reader.look();
    expect(shas()).toEqual(branches());
    expect(count()).toBeLessThan(before + 200);
    reader.settings = { ...reader.settings, branches: 'default' };
    await reader.readAll();
    expect(looked()).toEqual(there());
  });

  it('a repository that is gone is believed when it is missing twice and no longer listed', async () => {
    world.act.deleteRepository({ repository: `${by}/pier`, by });
    await expect(reader.look()).rejects.toMatchObject({ kind: 'missing' });
    await expect(reader.look()).rejects.toMatchObject({ kind: 'missing' });
    const states = () => only(reader.facts(), 'repository').map(({ state }) => state);
    expect(states()).toEqual(['active']);
    reader.isGone = true;
    await expect(reader.look()).rejects.toMatchObject({ code: 'gone' });
    expect(states()).toEqual(['gone']);
  });
});
