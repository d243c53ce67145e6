import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeDataDir, makeSurroundings, type Program, runCommand, startProgram } from '../testing/start-program.ts';

interface Listed {
  events: { key: string }[];
  nextCursor: string | null;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-backups-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function start(dataDir: string): Promise<Program & { stop(): Promise<void> }> {
  const program = await startProgram(dataDir);
  const stop = async (): Promise<void> => {
    program.child.kill('SIGTERM');
    await program.ended;
  };
  onTestFinished(stop);
  return { ...program, stop };
}

async function makeFolder(): Promise<string> {
  const { dataDir, remove } = await makeDataDir();
  onTestFinished(remove);
  return dataDir;
}

/** Sends numbered events one after the other until it is told to stop; each counts once it was acknowledged. */
function sendEvents(address: string, token: string): { acknowledged(): number; stop(): Promise<number> } {
  let sent = 0;
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const n = sent + 1;
      const payload = {
        repository: `/code/${n}`,
        path: `/code/${n}`,
        name: `repository ${n}`,
        url: null,
        defaultBranch: 'main',
        observedAt: '2026-01-01T00:00:00Z',
      };
      const response = await fetch(`${address}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          source: 'git',
          key: `event ${n}`,
          kind: 'repository',
          payload: JSON.stringify(payload),
        }),
      });
      expect(response.status).toBe(202);
      sent = n;
    }
    return sent;
  })();
  return {
    acknowledged: () => sent,
    stop: () => {
      isOver = true;
      return sending;
    },
  };
}

async function listKeys(address: string, token: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor = ''; ;) {
    const response = await fetch(`${address}/api/v1/raw-events?limit=200${cursor}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events, nextCursor } = (await response.json()) as Listed;
    numbers.push(...events.map((event) => Number(event.key.replace('event ', ''))));
    if (nextCursor === null) return numbers.toSorted((a, b) => a - b);
    cursor = `&cursor=${nextCursor}`;
  }
}

async function makeToken(dataDir: string): Promise<string> {
  const scopes = ['read', 'events', 'operate'].flatMap((scope) => ['--scope', scope]);
  return (await runCommand(dataDir, ['token', 'create', ...scopes])).stdout.trim();
}

/** A backup of each kind, taken while events come in. */
async function backUpUnderLoad(): Promise<{
  dataDir: string;
  token: string;
  taken: { file: string; before: number; after: number }[];
}> {
  const dataDir = await makeFolder();
  const server = await start(dataDir);
  const token = await makeToken(dataDir);
  const load = sendEvents(server.address, token);
  const taken: { file: string; before: number; after: number }[] = [];
  for (const [name, ...more] of [['whole.backup'], ['tables.backup', '--tables']] as [string, ...string[]][]) {
    const file = path.join(folder, `${path.basename(dataDir)}-${name}`);
    const before = load.acknowledged();
    const made = await runCommand(dataDir, ['backup', file, ...more]);
    expect(made.stderr).not.toMatch(/rror/);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`Backed up into ${file}`) as string });
    taken.push({ file, before, after: load.acknowledged() });
  }
  const sent = await load.stop();
  expect(sent).toBeGreaterThan(20);
  await server.stop();
  return { dataDir, token, taken };
}

describe('devpulse backup and restore', { timeout: 180_000 }, () => {
  it('gives back a prefix of what was acknowledged, in which verify finds no difference, and refuses to write over a store', async () => {
    const { dataDir, token, taken } = await backUpUnderLoad();
    const key = await readFile(path.join(dataDir, 'master-key'), 'utf8');
    for (const { file, before, after } of taken) {
      const target = await makeFolder();
      const restored = await runCommand(target, ['restore', file], { env: { DEVPULSE_KEY: key.split('\n')[1] ?? '' } });
      expect(restored, restored.stderr).toMatchObject({ code: 0 });
      expect(restored.stdout).toContain('Restored the store');
      await writeFile(path.join(target, 'master-key'), key, { mode: 0o600 });
      const verified = await runCommand(target, ['verify']);
      expect(verified.stdout).toContain('No difference');
      const server = await start(target);
      const numbers = await listKeys(server.address, token);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
      expect(numbers.length).toBeGreaterThanOrEqual(before);
      expect(numbers.length).toBeLessThanOrEqual(after + 1);
      const refused = await runCommand(target, ['restore', file]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/in use|already/) as string });
      await server.stop();
    }
    const [whole] = taken;
    const again = await runCommand(dataDir, ['restore', whole?.file ?? '']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') as string });
    const forced = await runCommand(dataDir, ['restore', whole?.file ?? '', '--force']);
    expect(forced, forced.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('is kept in') as string });
    expect((await readdir(dataDir)).filter((name) => name.startsWith('pg.before-restore-'))).toHaveLength(1);
  });

  it('says which master key is missing, and starts only with it', async () => {
    const dataDir = await makeFolder();
    const server = await start(dataDir);
    const file = path.join(folder, `${path.basename(dataDir)}-keys.backup`);
    const made = await runCommand(dataDir, ['backup', file]);
    const name = /master key (\S+),/.exec(made.stdout)?.[1] ?? '';
    expect(name).toMatch(/^[\w-]{10}$/);
    await server.stop();
    const target = await makeFolder();
    const restored = await runCommand(target, ['restore', file]);
    expect(restored).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`need the master key ${name}`) as string,
    });
    await expect(startProgram(target)).rejects.toThrow(new RegExp(`need the master key ${name}`));
    await writeFile(path.join(target, 'master-key'), await readFile(path.join(dataDir, 'master-key')), { mode: 0o600 });
    await start(target);
  });

  it('refuses a damaged file before it touches anything, and what is no backup, with an exit code of its own for a wrong command', async () => {
    const dataDir = await makeFolder();
    expect((await runCommand(dataDir, ['jobs'])).code).toBe(0);
    const file = path.join(folder, `${path.basename(dataDir)}.backup`);
    expect((await runCommand(dataDir, ['backup', file])).code).toBe(0);
    const bytes = await readFile(file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const before = await readdir(dataDir);
    const damaged = await runCommand(dataDir, ['restore', file, '--force']);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('checksum does not match') as string });
    expect(await readdir(dataDir)).toEqual(before);
    expect((await runCommand(dataDir, ['restore', path.join(folder, 'nowhere')])).code).toBe(1);
    expect((await runCommand(dataDir, ['restore'])).code).toBe(2);
    expect((await runCommand(dataDir, ['backup', 'a', 'b'])).code).toBe(2);
    expect((await runCommand(dataDir, ['jobs'])).code).toBe(0);
  });

  it('that was cut off between its two renames lets nobody start an empty store, and can be run again', async () => {
    const dataDir = await makeFolder();
    expect((await runCommand(dataDir, ['jobs'])).code).toBe(0);
    const file = path.join(folder, `${path.basename(dataDir)}.backup`);
    expect((await runCommand(dataDir, ['backup', file])).code).toBe(0);
    // What a kill in this moment leaves behind.
    const kept = path.join(dataDir, 'pg.before-restore-x');
    await rename(path.join(dataDir, 'pg'), kept);
    await writeFile(path.join(dataDir, 'restore-unfinished.json'), JSON.stringify({ kept, fresh: 'gone' }));
    const refused = await runCommand(dataDir, ['jobs']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('A restore was cut off') as string });
    expect(await readdir(dataDir)).not.toContain('pg');
    expect(await runCommand(dataDir, ['restore', file])).toMatchObject({ code: 0 });
    expect((await runCommand(dataDir, ['jobs'])).code).toBe(0);
  });

  // Only where the suite runs on a PostgreSQL of its own is there one to go to.
  it.runIf(process.env['TEST_DATABASE_URL'] !== undefined)(
    'moves a store from the embedded PostgreSQL to an external one and back by copies of its tables',
    async () => {
      const dataDir = await makeFolder();
      const token = await makeToken(dataDir);
      const key = await readFile(path.join(dataDir, 'master-key'), 'utf8').catch(() => null);
      const [out, back] = ['out', 'back'].map((name) => path.join(folder, `${path.basename(dataDir)}-${name}.backup`));
      expect(await runCommand(dataDir, ['backup', '--tables', out ?? ''])).toMatchObject({ code: 0 });
      const external = await makeSurroundings();
      onTestFinished(external.remove);
      const whole = path.join(folder, `${path.basename(dataDir)}-whole.backup`);
      expect(await runCommand(dataDir, ['backup', whole])).toMatchObject({ code: 0 });
      const refused = await runCommand(external.dataDir, ['restore', whole]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--tables') as string });
      expect(await runCommand(external.dataDir, ['restore', out ?? ''])).toMatchObject({ code: 0 });
      if (key !== null) await writeFile(path.join(external.dataDir, 'master-key'), key, { mode: 0o600 });
      const server = await start(external.dataDir);
      const load = sendEvents(server.address, token);
      const made = await runCommand(external.dataDir, ['backup', back ?? '']);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const running = await runCommand(external.dataDir, ['restore', out ?? '', '--force']);
      expect(running).toMatchObject({ code: 1, stderr: expect.stringContaining('at work in this database') as string });
      await load.stop();
      await server.stop();
      const home = await makeFolder();
      expect(await runCommand(home, ['restore', back ?? ''])).toMatchObject({ code: 0 });
      if (key !== null) await writeFile(path.join(home, 'master-key'), key, { mode: 0o600 });
      expect((await runCommand(home, ['verify'])).stdout).toContain('No difference');
      const again = await start(home);
      const numbers = await listKeys(again.address, token);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
    },
  );
});
