import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listKeys, makeFolder, makeToken, sendEvents, start } from '../testing/numbered-events.ts';
import { runCommand, startProgram } from '../testing/start-program.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-backups-'));
});
afterAll(() => rm(folder, { recursive: true }));

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
});
