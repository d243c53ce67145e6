import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { runCommand } from '../testing/start-program.ts';

const run = promisify(execFile);
let folder = '';
let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-cli-'));
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
});
afterAll(async () => {
  await remove();
  await rm(folder, { recursive: true, force: true });
});

function devpulse(...args: string[]): ReturnType<typeof runCommand> {
  return runCommand(dataDir, args, { cwd: folder, env: { HOME: folder } });
}

/** Commits as somebody at an instant. */
async function commit(
  repository: string,
  who: { name: string; email: string },
  at: string,
  message: string,
): Promise<void> {
  await writeFile(path.join(repository, 'src.ts'), `${message}\n${at}\n`);
  await run('git', ['-C', repository, 'add', '.']);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
    GIT_COMMITTER_DATE: at,
  };
  await run('git', ['-C', repository, 'commit', '-q', '-m', message], { env });
}

const ada = { name: 'Ada', email: 'ada@example.org' };
const bob = { name: 'Bob', email: 'bob@example.org' };

describe('devpulse on the command line', { timeout: 240_000 }, () => {
  it('lists its commands, and says so when there is no such command', async () => {
    const help = await devpulse('help');
    expect(help.code).toBe(0);
    for (const name of ['serve', 'import', 'person', 'metric', 'verify', 'dead-letters', 'jobs', 'token', 'owner'])
      expect(help.stdout).toContain(name);
    const unknown = await devpulse('imprt');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('imprt');
    expect((await devpulse('import', '--help')).stdout).toContain('devpulse import <folder>');
  });

  it('says clearly what cannot be imported, and leaves nothing half done', async () => {
    await mkdir(path.join(folder, 'empty'));
    const mistyped = await devpulse('import', 'nowhere');
    expect(mistyped.code).toBe(1);
    expect(mistyped.stderr).toContain('nowhere');
    const none = await devpulse('import', 'empty');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('Nothing was imported');
    expect((await devpulse('metric', 'commits')).stdout).toContain('unknown');
  });

  it('takes a git folder to true numbers, tells who looks like you, and follows what is decided about identities', async () => {
    const repository = path.join(folder, 'work');
    await run('git', ['init', '-q', repository]);
    await run('git', ['-C', repository, 'config', 'user.email', ada.email]);
    await run('git', ['-C', repository, 'config', 'user.name', ada.name]);
    await commit(repository, ada, '2026-03-01T23:30:00+0100', 'one');
    await commit(repository, ada, '2026-03-02T00:30:00+0100', 'two\n\nCo-authored-by: Bob <bob@example.org>');
    await commit(repository, bob, '2026-03-03T12:00:00+0100', 'three');
    const imported = await devpulse('import', 'work');
    expect(imported.code).toBe(0);
    const suggestion = /person link ([0-9a-f-]{36})/.exec(imported.stdout)?.[1] ?? '';
    expect(suggestion).not.toBe('');

    const whole = await devpulse(
      'metric',
      'commits',
      '--subject',
      'workspace',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--json',
    );
    expect(JSON.parse(whole.stdout)).toMatchObject({ state: 'ok', values: [{ value: 3, n: 3 }] });
    const before = await devpulse('metric', 'commits', '--from', '2026-03-01', '--to', '2026-03-31', '--json');
    expect(JSON.parse(before.stdout)).toMatchObject({ state: 'unknown', values: [{ value: null }] });

    expect((await devpulse('person', 'link', suggestion)).code).toBe(0);
    expect((await devpulse('person', 'zone', 'America/Los_Angeles')).code).toBe(0);
    const mine = await devpulse(
      'metric',
      'commits',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-02',
      '--by',
      'day',
      '--json',
    );
    // 23:30 and 00:30 in Berlin are the same day in California.
    expect(JSON.parse(mine.stdout)).toMatchObject({
      subject: { zone: 'America/Los_Angeles' },
      values: [{ value: 2 }, { value: 0 }],
    });
    const receipt = await devpulse(
      'metric',
      'commits',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--receipt',
      '--json',
    );
    expect(JSON.parse(receipt.stdout)).toMatchObject({
      value: 2,
      n: 2,
      found: 2,
      records: [{ day: '2026-03-01' }, { day: '2026-03-01' }],
    });

    expect((await devpulse('person', 'link', 'bob@example.org')).code).toBe(0);
    const both = await devpulse('metric', 'commits', '--from', '2026-03-01', '--to', '2026-03-31', '--json');
    expect(JSON.parse(both.stdout)).toMatchObject({ values: [{ value: 3 }] });
    expect((await devpulse('person', 'unlink', 'bob@example.org')).code).toBe(0);
    const again = await devpulse('metric', 'commits', '--from', '2026-03-01', '--to', '2026-03-31', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ values: [{ value: 2 }] });
    expect((await devpulse('verify')).stdout).toMatch(/^No difference/m);
  });

  it('imports again without counting twice, and takes in what is new', async () => {
    const repository = path.join(folder, 'work');
    const second = await devpulse('import', 'work');
    expect(second.stdout).toMatch(/^0 new events/m);
    await commit(repository, ada, '2026-03-04T12:00:00+0100', 'four');
    expect((await devpulse('import', '.')).code).toBe(0);
    const total = await devpulse(
      'metric',
      'commits',
      '--subject',
      'workspace',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--json',
    );
    expect(JSON.parse(total.stdout)).toMatchObject({ values: [{ value: 4 }] });
    await run('git', ['-C', repository, 'reset', '-q', '--hard', 'HEAD~2']);
    expect((await devpulse('import', 'work')).code).toBe(0);
    const rewritten = await devpulse(
      'metric',
      'commits',
      '--subject',
      'workspace',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--json',
    );
    expect(JSON.parse(rewritten.stdout)).toMatchObject({ values: [{ value: 2 }] });
    expect((await devpulse('verify')).code).toBe(0);
  });

  it('keeps what was read when a source vanishes, is paused, resumed or removed', async () => {
    const listed = await devpulse('source', 'list');
    const id = /^(\S{36}) .*work/m.exec(listed.stdout)?.[1] ?? '';
    expect((await devpulse('source', 'pause', id)).code).toBe(0);
    expect((await devpulse('source', 'list')).stdout).toContain('paused');
    expect((await devpulse('source', 'resume', id)).code).toBe(0);
    expect((await devpulse('source', 'remove', id)).code).toBe(0);
    expect((await devpulse('source', 'remove', id)).code).toBe(1);
    expect((await devpulse('source', 'remove', 'work')).code).toBe(2);
    const kept = await devpulse(
      'metric',
      'commits',
      '--subject',
      'workspace',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--json',
    );
    expect(JSON.parse(kept.stdout)).toMatchObject({ state: 'ok', values: [{ value: 2 }] });
  });

  it('finds a number that was changed behind its back', async () => {
    const { openRuntime } = await import('../runtime/open-runtime.ts');
    const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
    const { findFirstWorkspace } = await import('../workspaces/ensure-workspace.ts');
    const { workspaceId } = await findFirstWorkspace(runtime.store);
    await runtime.store.inWorkspace(workspaceId, (trx) =>
      trx.updateTable('rollup_days').set({ value: 99 }).where('metric', '=', 'commits').execute(),
    );
    await runtime.close();
    const verified = await devpulse('verify');
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain('DIFFERS  commits');
  });

  it('makes tokens that are shown once, lists them without their worth, and revokes them', async () => {
    const made = await devpulse('token', 'create', '--scope', 'read', '--name', 'laptop');
    expect(made.stdout.trim()).toMatch(/^dp_[0-9A-Za-z]{38}$/);
    const listed = await devpulse('token', 'list');
    expect(listed.stdout).toContain('laptop');
    expect(listed.stdout).not.toContain(made.stdout.trim());
    const id = /^(\S{36}) .*laptop$/m.exec(listed.stdout)?.[1] ?? '';
    expect((await devpulse('token', 'revoke', id)).code).toBe(0);
    expect((await devpulse('token', 'list')).stdout).toContain('revoked');
    expect((await devpulse('token', 'create', '--scope', 'everything')).code).toBe(2);
    expect((await devpulse('dead-letters', 'list')).stdout).toContain('No dead letters');
  });
});
