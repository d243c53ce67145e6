import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { listKeys, makeFolder, makeToken, sendEvents, start } from '../testing/numbered-events.ts';
import { runCommand } from '../testing/start-program.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-moves-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('devpulse backup --tables', { timeout: 180_000 }, () => {
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
