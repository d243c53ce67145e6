import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { openRuntime } from '../runtime/open-runtime.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, spawnCommand, startProgram } from '../testing/start-program.ts';
import type { SecretPlace } from './keyring.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 5);
const words = 600;

let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;
let server: Program | undefined;

beforeAll(async () => {
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
});
afterAll(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
  await remove();
});

const placeOf = (row: string): SecretPlace => ({ workspaceId: null, table: 'secret_values', column: 'sealed', row });
const wordOf = (index: number): string => `secret word ${index}`;

/** With the keys that lie in the data folder now, as a command does. */
async function withKeys<Result>(
  work: (
    keys: Awaited<ReturnType<Awaited<ReturnType<typeof openRuntime>>['openKeyring']>>,
    ask: Ask,
  ) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
  const owner = await openClient(runtime.logins.owner, 'the test', () => undefined);
  try {
    return await work(await runtime.openKeyring(), async (text, values) => (await owner.query(text, values)).rows);
  } finally {
    await owner.end();
    await runtime.close();
  }
}
type Ask = (text: string, values?: unknown[]) => Promise<{ name: string; sealed: string }[]>;

async function readEveryWord(): Promise<void> {
  await withKeys(async (keyring, ask) => {
    const rows = await ask(`select name, sealed from secret_values where name like 'word %'`);
    expect(rows).toHaveLength(words);
    for (const { name, sealed } of rows)
      expect(keyring.open(sealed, placeOf(name))).toBe(wordOf(Number(name.slice(5))));
  });
}

describe('killing a rotation', () => {
  it(
    'leaves every secret readable beside a running server, whenever it comes, and the next one finishes it',
    async () => {
      server = await startProgram(dataDir, { env: { LOG_LEVEL: 'warn' } });
      await withKeys(async (keyring, ask) => {
        for (let index = 0; index < words; index += 1)
          await ask('insert into secret_values (name, sealed) values ($1, $2)', [
            `word ${index}`,
            keyring.seal(wordOf(index), placeOf(`word ${index}`)),
          ]);
      });
      const whole = Date.now();
      expect(await runCommand(dataDir, ['keys', 'rotate'])).toMatchObject({ code: 0 });
      let tookMs = Date.now() - whole;
      let interrupted = 0;
      // Whatever else the machine has to do, a kill may come too late: then the next one comes sooner.
      for (let round = 0; interrupted < rounds && round < 4 * rounds; round += 1) {
        const began = Date.now();
        const rotating = spawnCommand(dataDir, ['keys', 'rotate']);
        const ended = once(rotating, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
        await sleep(randomInt(tookMs));
        rotating.kill('SIGKILL');
        const [, signal] = await ended;
        if (signal === 'SIGKILL') interrupted += 1;
        else tookMs = Math.max(2, Math.min(tookMs, Date.now() - began) >> 1);
        await readEveryWord();
        expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
      }
      expect(interrupted).toBe(rounds);
      const last = await runCommand(dataDir, ['keys', 'rotate']);
      expect(last.code, last.stderr).toBe(0);
      await readEveryWord();
      const listed = await runCommand(dataDir, ['keys', 'list']);
      expect(listed.stdout).not.toContain('missing');
      expect(listed.stdout).not.toContain(' next ');
      // The keys themselves are never shown.
      for (const file of readdirSync(dataDir).filter((name) => name.startsWith('master-key'))) {
        const key = readFileSync(path.join(dataDir, file), 'utf8')
          .split('\n')
          .find((line) => /^[\w+/]{43}=$/.test(line));
        expect(key).toBeDefined();
        for (const text of [listed.stdout, last.stdout, last.stderr, server.output()]) expect(text).not.toContain(key);
      }
      expect(server.output()).not.toContain('"level":"error"');
    },
    120_000 + rounds * 20_000,
  );

  it(
    'refuses to start without its key in one line, and starts again when it was given up',
    { timeout: 120_000 },
    async () => {
      server?.child.kill('SIGTERM');
      await server?.ended;
      rmSync(path.join(dataDir, 'master-key'));
      const refused = await runCommand(dataDir, ['serve', '--port', '0']);
      expect(refused.code).toBe(1);
      const said = refused.stderr
        .trim()
        .split('\n')
        .filter((line) => !/^\d+\. /.test(line));
      expect(said).toHaveLength(1);
      const masterId = /need the master key ([\w-]{10}), and there is none here/.exec(said[0] ?? '')?.[1] ?? '';
      expect(masterId).not.toBe('');
      expect(existsSync(path.join(dataDir, 'master-key'))).toBe(false);
      expect((await runCommand(dataDir, ['keys', 'forget', masterId])).code).toBe(2);
      const forgotten = await runCommand(dataDir, ['keys', 'forget', masterId, '--force']);
      expect(forgotten.stdout).toMatch(/^601 secrets and \d data keys were given up/);
      server = await startProgram(dataDir, { env: { LOG_LEVEL: 'warn' } });
      expect((await runCommand(dataDir, ['keys', 'forget', masterId, '--force'])).stderr).toContain(
        'no data key needs',
      );
      expect((await runCommand(dataDir, ['audit', 'verify'])).code).toBe(0);
    },
  );
});
