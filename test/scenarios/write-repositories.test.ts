import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmpty } from './empty.ts';
import { countExpectations, type PersonTruth } from './expectations.ts';
import { growHistory } from './grow-history.ts';
import { makeTeam } from './team.ts';
import { writeRepositories, writeRepository } from './write-repositories.ts';

const run = promisify(execFile);
const seed = { seed: 'test', endDay: '2026-11-20' };
const team = makeTeam(seed);
let folder = '';

async function git(repository: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
  const { stdout } = await run('git', ['-C', repository, ...args], { env, maxBuffer: 1 << 28 });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-scenario-'));
  await writeRepositories(team, path.join(folder, 'team'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Counts what git itself says of the written repositories, with the days that it prints in the dates of the authors. */
async function countByGit(repository: string, into: Map<string, Map<string, number>>, lines: Map<string, number>) {
  const format = '%x01%ae%x02%ad%x02%(trailers:key=Co-authored-by,valueonly,separator=%x03)%x02';
  const log = await git(repository, 'log', '--all', '-M', '--numstat', '--date=short', `--format=${format}`);
  let count = 0;
  for (const record of log.split('\u0001').slice(1)) {
    const [author = '', day = '', trailers = '', files = ''] = record.split('\u0002');
    count += 1;
    const coAuthors = trailers.split('\u0003').map((trailer) => /<(.*)>/.exec(trailer)?.[1] ?? '');
    for (const email of new Set([author, ...coAuthors].filter((one) => one !== ''))) {
      const days = into.get(email) ?? new Map<string, number>();
      days.set(day, (days.get(day) ?? 0) + 1);
      into.set(email, days);
    }
    for (const [, added = '0', file = ''] of files.matchAll(/^(\d+)\t\d+\t(.*)$/gm)) {
      if (/generated\/|^vendor\/|\.lock$|package-lock|go\.sum/.test(file)) continue;
      lines.set(author, (lines.get(author) ?? 0) + Number(added));
    }
  }
  return count;
}

describe('writeRepositories', () => {
  it('writes what was made up: git counts the same commits and lines as the expectations do', async () => {
    const days = new Map<string, Map<string, number>>();
    const lines = new Map<string, number>();
    const counts = await Promise.all(
      team.repositories.map(({ name }) => countByGit(path.join(folder, 'team', `${name}.git`), days, lines)),
    );
    expect(counts).toEqual(team.repositories.map(({ commits }) => commits.length));
    // Git prints days by the offset of the author, which is not that of a co-author who lives elsewhere: totals are compared.
    const total = (truth: PersonTruth | undefined): number =>
      [...(truth?.commits.values() ?? [])].reduce((sum, count) => sum + count, 0);
    const first = countExpectations(team, 'first');
    for (const { id, emails } of team.people) {
      const truth = first.people.get(id);
      const counted = [...(days.get(emails[0])?.values() ?? [])].reduce((sum, count) => sum + count, 0);
      expect([id, counted]).toEqual([id, total(truth)]);
      const added = [...(truth?.linesAdded.values() ?? [])].reduce((sum, count) => sum + count, 0);
      expect([id, lines.get(emails[0])]).toEqual([id, added]);
    }
    expect(await git(path.join(folder, 'team', 'harbor-web.git'), 'fsck', '--strict')).toBe('');
  });

  it('writes what was made up day by day, and every message and file as it was told', async () => {
    const [web] = team.repositories;
    const repository = path.join(folder, 'team', 'harbor-web.git');
    const told = (web?.commits ?? [])
      .map((commit) => `${commit.author.email} ${commit.authored.at} ${commit.committer.email} ${commit.subject}`)
      .toSorted();
    const log = await git(repository, 'log', '--all', '--format=%ae %at %ce %s');
    expect(log.trimEnd().split('\n').toSorted()).toEqual(told);
    const tip = web?.commits.find(({ mark }) => mark === web.branches['main']);
    const change = tip?.changes[0];
    expect(await git(repository, 'show', `main:${change?.path}`)).toBe(`${change?.lines.join('\n')}\n`);
    expect(await git(repository, 'config', 'user.email')).toBe('mira.solano@harbor.test\n');
  });

  it('gives the same commit ids wherever and whenever it writes', async () => {
    await writeRepositories(makeTeam(seed), path.join(folder, 'again'));
    for (const { name } of team.repositories) {
      const refs = (parent: string): Promise<string> =>
        git(path.join(folder, parent, `${name}.git`), 'for-each-ref', '--format=%(objectname) %(refname)');
      expect(await refs('again')).toBe(await refs('team'));
    }
  });

  it('writes a repository that has no commit', async () => {
    const [empty = ''] = await writeRepositories(makeEmpty(seed), path.join(folder, 'empty'));
    expect(await git(empty, 'for-each-ref')).toBe('');
    expect(await git(empty, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
  });

  it('writes a grown history of so many commits', async () => {
    const target = path.join(folder, 'grown.git');
    await writeRepository(growHistory(2000), { target });
    expect((await git(target, 'rev-list', '--all', '--count')).trim()).toBe('2000');
  });

  it('says what git said when it could not write', async () => {
    const history = growHistory(5);
    const broken = { ...history, branches: { main: 99 } };
    await expect(writeRepository(broken, { target: path.join(folder, 'broken.git') })).rejects.toThrow('fast-import');
  });
});
