import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import { openReader, type Reader } from './testing/open-reader.ts';
import { tellWorld, worldOf } from './testing/tell-world.ts';

let github: GithubCounterpart;
let token: string;
const repository = 'harbor/harbor-web';

beforeAll(async () => {
  github = await openGithub({ grow: { seed: 'pull', repositories: 1, commits: 400, pulls: 60, issues: 40 } });
  token = github.issueToken({ account: 'ada', scopes: ['repo', 'read:org'] }).value;
});
afterAll(() => github.close());

function read(settings: Partial<Reader['settings']> = {}): Reader {
  return openReader(github, repository, { token: () => token, settings });
}

/** Requests that cost something: an unchanged answer does not. */
function costOf(from: number): number {
  return github.requests.slice(from).filter(({ status }) => status !== 304).length;
}

describe('a first look', () => {
  it('ends at what is really there', async () => {
    const reader = read();
    await reader.readAll();
    expect(tellWorld(reader.facts(), reader.settings.id)).toEqual(worldOf(github, reader.settings.id));
  });
});

describe('a look at what did not change', () => {
  it('writes nothing and costs one point', async () => {
    const reader = read();
    await reader.readAll();
    await reader.look();
    const before = github.requests.length;
    expect(await reader.look()).toEqual({ left: 'nothing', added: 0 });
    expect(costOf(before)).toBeLessThanOrEqual(1);
  });
});
