import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayInZone } from '@devpulse/contract/day';
import type { CommitFact } from '@devpulse/contract/facts';
import { allResources } from '@devpulse/db/ids';
import { commitOf, decide, personId, repositoryOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';

/** Nights on which a clock somewhere does what clocks seldom do, in UTC. */
const nights: Record<string, string> = {
  'spring forward in Los Angeles, 23 hours': '2026-03-08T10:00:00Z',
  'spring forward in Berlin': '2026-03-29T01:00:00Z',
  'back by half an hour on Lord Howe': '2026-04-04T15:00:00Z',
  'forward by half an hour on Lord Howe': '2026-10-03T15:30:00Z',
  'back in Los Angeles and Havana, 25 hours, midnight twice': '2026-11-01T05:00:00Z',
  'back over midnight in Beirut: the end of the day comes twice': '2025-10-25T21:00:00Z',
  'the day that Samoa left out': '2011-12-30T10:00:00Z',
  'a leap day': '2024-02-29T12:00:00Z',
};
const zones = [
  'UTC',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
];

const halfHour = 1800;
const instants = [
  ...new Set(
    Object.values(nights).flatMap((night) =>
      Array.from({ length: 120 }, (_, step) => Date.parse(night) / 1000 + (step - 60) * halfHour),
    ),
  ),
];

let base: Pipeline;
let folder: string;
beforeAll(async () => {
  base = await createPipeline();
  folder = mkdtempSync(join(tmpdir(), 'devpulse-days-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await base.close();
});

function git(args: string[], options: { zone?: string; input?: string } = {}): string {
  const env = { PATH: process.env['PATH'], HOME: folder, TZ: options.zone ?? 'UTC', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', folder, ...args], {
    env,
    encoding: 'utf8',
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

/** A repository with a commit at each instant. */
function makeRepository(): void {
  git(['init', '--quiet', '--bare', '.']);
  const commits = instants.map(
    (at) =>
      `commit refs/heads/main\nauthor A <a@example.org> ${at} +0000\ncommitter A <a@example.org> ${at} +0000\ndata 1\nx\n`,
  );
  git(['fast-import', '--quiet', '--date-format=raw'], { input: commits.join('\n') });
}

/** How many commits git itself shows on each local day, or at each local weekday and hour. */
function countByGit(zone: string, format: string): Record<string, number> {
  const lines = git(['log', '--all', `--date=format-local:${format}`, '--format=%ad'], { zone })
    .trim()
    .split('\n');
  return Object.fromEntries([...Map.groupBy(lines, (line) => line)].map(([line, found]) => [line, found.length]));
}

/** Every commit credited to one person in each zone. */
async function derive(): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Pacific/Auckland' });
  const people = zones.map((zone) => ({ email: `${zone}@example.org`.toLowerCase() }));
  const commits = git(['log', '--all', '--format=%H %at'])
    .trim()
    .split('\n')
    .map((line): CommitFact => {
      const [sha = '', at = ''] = line.split(' ');
      const when = new Date(Number(at) * 1000).toISOString();
      return {
        ...commitOf(1),
        sha,
        author: people[0] ?? {},
        committer: people[0] ?? {},
        authoredAt: when,
        committedAt: when,
        coAuthors: people.slice(1),
        files: [],
      };
    });
  for (const zone of zones) {
    await decide(pipeline.store, pipeline, { decide: 'zone', who: `email:${zone}@example.org`.toLowerCase(), zone });
  }
  const reach = {
    fact: 'reach' as const,
    repository: 'a',
    snapshot: 1,
    reachable: true,
    shas: commits.map((commit) => commit.sha),
  };
  await pipeline.send([
    { key: 'r', facts: [repositoryOf('a'), reach] },
    ...commits.map((commit) => ({ key: commit.sha, facts: [commit] })),
  ]);
  await pipeline.drain();
  await pipeline.roll();
  return pipeline;
}

async function countByRollup(
  pipeline: Pipeline,
  zone: string,
  column: 'day' | 'part',
): Promise<Record<string, number>> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{ name: string; commits: number }>`
      select ${sql.id(column)} as name, sum(value) as commits from rollup_days
      where subject_id = ${personId(pipeline, `email:${zone}@example.org`.toLowerCase())} and metric = 'test_commits' and resource_id = ${allResources}
      group by 1`.execute(trx),
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.commits] as const));
}

describe('rollUp', () => {
  it('puts each commit into the local day and hour that git shows, whatever the clocks did', async () => {
    makeRepository();
    const pipeline = await derive();
    for (const zone of zones) {
      const days = await countByRollup(pipeline, zone, 'day');
      expect(days, zone).toEqual(countByGit(zone, '%Y-%m-%d'));
      expect(Object.values(days).reduce((sum, count) => sum + count, 0)).toBe(instants.length);
      expect(await countByRollup(pipeline, zone, 'part'), zone).toEqual(countByGit(zone, '%u-%H'));
    }
    expect(await countByRollup(pipeline, 'Pacific/Apia', 'day')).not.toHaveProperty('2011-12-30');
  });

  it('agrees with how days are told elsewhere in the program', () => {
    for (const zone of zones) {
      const byProgram = Map.groupBy(instants, (at) => dayInZone(new Date(at * 1000), zone));
      expect(Object.fromEntries([...byProgram].map(([day, found]) => [day, found.length] as const)), zone).toEqual(
        countByGit(zone, '%Y-%m-%d'),
      );
    }
  });
});
