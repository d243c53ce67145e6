import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStore, makeHistory, releaseDeadLeases, Sender } from '../testing/kill-load.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { killPostgres, type Program, runCommand, startProgram } from '../testing/start-program.ts';

// Fifty and more before a release; a few on every change.
const rounds = Number(process.env['KILL_ROUNDS'] ?? 8);
const commits = 400;

let folder = '';
let dataDir = '';
// Set where the suite runs on an external PostgreSQL: that one is not ours to kill, the program is.
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-kill-'));
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  await makeHistory(folder, commits);
});
afterAll(async () => {
  await remove();
  await rm(folder, { recursive: true, force: true });
});

async function killSomething(program: Program, victim: number): Promise<void> {
  if (victim !== 1) program.child.kill('SIGKILL');
  if (victim !== 0) await killPostgres(dataDir, 'SIGKILL');
  // The server brings its PostgreSQL back; this round ends all the same.
  if (victim === 1) {
    await sleep(randomInt(400));
    program.child.kill('SIGKILL');
  }
  await program.ended;
}

async function makeToken(): Promise<string> {
  return (await runCommand(dataDir, ['token', 'create', '--scope', 'events', '--scope', 'read'])).stdout.trim();
}

async function expectNoDifference(): Promise<void> {
  const verified = await runCommand(dataDir, ['verify']);
  expect(verified.stdout).toMatch(/^No difference/m);
  expect(verified.code).toBe(0);
}

describe('killing server and PostgreSQL at random moments', () => {
  it(
    'loses nothing that was acknowledged, stores nothing twice, and leaves true numbers',
    async () => {
      const sender = new Sender(await makeToken());
      for (let round = 0; round < rounds; round += 1) {
        const program = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
        let stopped = false;
        const sending = sender.sendUntil(
          () => stopped,
          () => program.address,
        );
        const importing = runCommand(dataDir, ['import', folder], { env: { LOG_LEVEL: 'fatal' } });
        await sleep(randomInt(1500));
        await killSomething(program, databaseUrl === undefined ? round % 3 : 0);
        stopped = true;
        await Promise.all([sending, importing]);
      }
      const last = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
      expect(await sender.settle(last.address)).toBe(0);
      last.child.kill('SIGTERM');
      expect((await last.ended).code).toBe(0);
      // Leases of the dead may still run; their events are taken over when they end.
      await releaseDeadLeases({ dataDir, databaseUrl });
      expect((await runCommand(dataDir, ['import', folder])).code).toBe(0);
      expect(sender.acknowledged.size).toBeGreaterThan(rounds);
      await checkStore({ dataDir, databaseUrl }, sender.acknowledged, commits);
      await expectNoDifference();
    },
    rounds * 20_000 + 60_000,
  );
});
