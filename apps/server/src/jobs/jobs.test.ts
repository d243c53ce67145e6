import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { allJobs } from './all-jobs.ts';

interface ListedJob {
  name: string;
  schedule: string | null;
  lastRun: { outcome: string } | null;
}

let program: Program;
let token = '';
let dataDir = '';
let code = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataDir, remove } = await makeSurroundings());
  code = await mkdtemp(path.join(tmpdir(), 'devpulse-code-'));
  execFileSync('git', ['init', '--quiet', path.join(code, 'work')]);
  program = await startProgram(dataDir, { env: { DEVPULSE_GIT_ROOTS: code } });
  token = (await runCommand(dataDir, ['token', 'create', '--scope', 'operate', '--scope', 'sources'])).stdout.trim();
});
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  await remove();
  await rm(code, { recursive: true });
});

/** The one thing that has a job run which no schedule does. */
async function addSource(): Promise<number> {
  const { status } = await fetch(`${program.address}/api/v1/sources`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ connector: 'git', place: code }),
  });
  return status;
}

async function listJobs(): Promise<ListedJob[]> {
  const response = await fetch(`${program.address}/api/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return ((await response.json()) as { jobs: ListedJob[] }).jobs;
}

describe('the table of jobs', { timeout: 120_000 }, () => {
  it('names every job once, and each has run since the start, or since it was asked for: none is unreachable, and none waits for its first tick', async () => {
    expect(await addSource()).toBe(201);
    expect(new Set(allJobs.map((job) => job.name)).size).toBe(allJobs.length);
    for (let tries = 0; tries < 400; tries += 1) {
      if ((await listJobs()).every((job) => job.lastRun?.outcome === 'done')) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const jobs = await listJobs();
    expect(jobs.map((job) => job.name)).toEqual(allJobs.map((job) => job.name));
    expect(jobs.map((job) => job.lastRun?.outcome)).toEqual(allJobs.map(() => 'done'));
  });

  it('is shown on the command line as well', async () => {
    const listed = await runCommand(dataDir, ['jobs']);
    expect(listed.code).toBe(0);
    for (const job of allJobs) expect(listed.stdout).toContain(job.name);
  });

  it('is closed to tokens without the scope', async () => {
    const reader = (await runCommand(dataDir, ['token', 'create', '--scope', 'read'])).stdout.trim();
    const answers = await Promise.all(
      [reader, 'dp_wrong', null].map((text) =>
        fetch(`${program.address}/api/v1/jobs`, text === null ? {} : { headers: { authorization: `Bearer ${text}` } }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual([403, 401, 401]);
    const odd = await fetch(`${program.address}/api/v1/jobs?surprise=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(odd.status).toBe(400);
  });
});
