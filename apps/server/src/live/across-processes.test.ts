import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceList } from '@devpulse/contract/wire/sources';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { type Ear, listen } from './testing/listen.ts';

const run = promisify(execFile);
let folder = '';
let dataDir = '';
let remove: () => Promise<void>;
let program: Program;
let token = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'devpulse-live-')));
  ({ dataDir, remove } = await makeSurroundings());
  for (const name of ['added', 'imported']) {
    await run('git', ['init', '-q', path.join(folder, name)]);
    await commit(name);
  }
  program = await startProgram(dataDir, { env: { DEVPULSE_GIT_ROOTS: path.join(folder, 'added') } });
  const made = await runCommand(dataDir, ['token', 'create', '--scope', 'read', '--scope', 'sources']);
  token = made.stdout.trim();
});
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  await remove();
  await rm(folder, { recursive: true });
});

async function commit(name: string): Promise<void> {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  await run('git', ['-C', path.join(folder, name), ...who, 'commit', '-q', '--allow-empty', '-m', name]);
}

async function ask(url: string, body?: object): Promise<{ status: number; text: string }> {
  const response = await fetch(`${program.address}${url}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

async function countCommits(): Promise<unknown> {
  const { text } = await ask('/api/v1/metrics/commits?subject=workspace&from=2000-01-01');
  const answer = JSON.parse(text) as { state: string; values: { value: number | null }[] };
  return [answer.state, answer.values[0]?.value];
}

/** As a page does: asks again whenever it hears that something changed, until it sees what it waits for. */
async function watch(ear: Ear, expected: [string, number]): Promise<void> {
  for (;;) {
    const { data } = await ear.next();
    const isConcerned = data.metrics.includes('*') || data.metrics.includes('commits');
    if (isConcerned && JSON.stringify(await countCommits()) === JSON.stringify(expected)) return;
  }
}

describe('a page that listens', { timeout: 120_000 }, () => {
  it('comes to true numbers by what it hears alone, when a source is added over HTTP', async () => {
    const ear = await listen(program.address, { token });
    const added = await ask('/api/v1/sources', { connector: 'git', place: path.join(folder, 'added') });
    expect(added.status).toBe(201);
    await watch(ear, ['ok', 1]);
    const list = JSON.parse((await ask('/api/v1/sources')).text) as SourceList;
    expect(list).toMatchObject({
      sources: [{ name: 'added', state: 'ok', progress: null, lastError: null }],
      work: { pendingEvents: 0, pendingDays: 0, commits: 1 },
    });
    ear.close();
  });

  it('moves when the command line imports beside the server, even from outside of the roots', async () => {
    const refused = await ask('/api/v1/sources', { connector: 'git', place: path.join(folder, 'imported') });
    expect(refused.status).toBe(403);
    const ear = await listen(program.address, { token });
    const [imported] = await Promise.all([
      runCommand(dataDir, ['import', path.join(folder, 'imported')]),
      watch(ear, ['ok', 2]),
    ]);
    expect(imported.code).toBe(0);
    ear.close();
  });
});
