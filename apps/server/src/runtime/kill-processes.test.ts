import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitEmptyInbox, checkStore, makeHistory, Sender } from '../testing/kill-load.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 6);
const commits = 400;
// Who vanishes holds its events for 30 s, and a minute at most passes until somebody looks.
const takenOverMs = 120_000;

let folder = '';
let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;
const running = new Map<'api' | 'worker', Program>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-kill-'));
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  await makeHistory(folder, commits);
});
afterAll(async () => {
  for (const program of running.values()) program.child.kill('SIGKILL');
  await Promise.all([...running.values()].map((program) => program.ended));
  await remove();
  await rm(folder, { recursive: true, force: true });
});

const turns = [['api'], ['worker'], ['api', 'worker']] as const;
const rolesOf = { api: 'api', worker: 'worker,scheduler' } as const;

async function start(which: 'api' | 'worker'): Promise<void> {
  const program = await startProgram(dataDir, { args: ['--roles', rolesOf[which]], env: { LOG_LEVEL: 'fatal' } });
  running.set(which, program);
}

async function killAndRestart(victims: readonly ('api' | 'worker')[]): Promise<void> {
  const programs = victims.flatMap((which) => running.get(which) ?? []);
  for (const program of programs) program.child.kill('SIGKILL');
  await Promise.all(programs.map((program) => program.ended));
  await Promise.all(victims.map((which) => start(which)));
}

// Several processes need a store that none of them owns: the embedded one belongs to a single program.
const describeOnAStoreThatNoProgramOwns = process.env['TEST_DATABASE_URL'] === undefined ? describe.skip : describe;

describeOnAStoreThatNoProgramOwns('killing the API and the workers, each in its turn', () => {
  it(
    'loses nothing that was acknowledged, stores nothing twice, and the living finish what the dead began',
    async () => {
      // The first start makes roles and schema; two first starts at once are another test.
      const made = await runCommand(dataDir, ['token', 'create', '--scope', 'events', '--scope', 'read']);
      const sender = new Sender(made.stdout.trim());
      await start('api');
      await start('worker');
      let stopped = false;
      const sending = sender.sendUntil(
        () => stopped,
        () => running.get('api')?.address ?? '',
      );
      for (let round = 0; round < rounds; round += 1) {
        const importing = runCommand(dataDir, ['import', folder], { env: { LOG_LEVEL: 'fatal' } });
        await sleep(randomInt(1500));
        await killAndRestart(turns[round % turns.length] ?? []);
        await importing;
      }
      stopped = true;
      await sending;
      expect(await sender.settle(running.get('api')?.address ?? '')).toBe(0);
      expect((await runCommand(dataDir, ['import', folder])).code).toBe(0);
      expect(await awaitEmptyInbox({ dataDir, databaseUrl }, takenOverMs)).toEqual([]);
      for (const program of running.values()) {
        program.child.kill('SIGTERM');
        expect((await program.ended).code).toBe(0);
      }
      expect(sender.acknowledged.size).toBeGreaterThan(rounds);
      // Days that were read last may still wait to be counted; an import counts them.
      expect((await runCommand(dataDir, ['import', folder])).code).toBe(0);
      await checkStore({ dataDir, databaseUrl }, sender.acknowledged, commits);
      const verified = await runCommand(dataDir, ['verify']);
      expect(verified.stdout).toMatch(/^No difference/m);
      expect(verified.code).toBe(0);
    },
    rounds * 20_000 + takenOverMs + 60_000,
  );
});
