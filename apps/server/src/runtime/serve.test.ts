import { afterEach, describe, expect, it } from 'vitest';
import {
  killPostgres,
  makeDataDir,
  postgresPid,
  type Program,
  runCommand,
  startProgram,
} from '../testing/start-program.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function newDataDir(): Promise<string> {
  const { dataDir, remove } = await makeDataDir();
  open.push(remove);
  return dataDir;
}

async function start(dataDir: string, options: Parameters<typeof startProgram>[1] = {}): Promise<Program> {
  const program = await startProgram(dataDir, options);
  open.push(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

async function status(program: Program, path: string): Promise<number> {
  return (await fetch(`${program.address}${path}`)).status;
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await check().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came about');
}

describe('serve', { timeout: 120_000 }, () => {
  it('answers on a free port, and ends with its PostgreSQL when it is told to', async () => {
    const dataDir = await newDataDir();
    const program = await start(dataDir);
    expect(await status(program, '/healthz')).toBe(200);
    expect(await status(program, '/readyz')).toBe(200);
    expect(await status(program, '/api/v1/metrics')).toBe(401);
    const pid = await postgresPid(dataDir);
    expect(pid).not.toBeNull();
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect(await postgresPid(dataDir)).toBeNull();
  });

  it('refuses a folder that another server holds, and names its pid and address', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir);
    const second = await runCommand(dataDir, ['serve', '--port', '0']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(first.child.pid));
    expect(second.stderr).toContain(first.address);
    expect(await status(first, '/readyz')).toBe(200);
  });

  it('takes over at once what a killed server left behind', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir);
    const orphan = await postgresPid(dataDir);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await start(dataDir);
    expect(await status(second, '/readyz')).toBe(200);
    expect(await postgresPid(dataDir)).not.toBe(orphan);
  });

  it('brings a PostgreSQL back that died, and is ready again without help', async () => {
    const dataDir = await newDataDir();
    const program = await start(dataDir);
    const before = await postgresPid(dataDir);
    expect(await killPostgres(dataDir, 'SIGKILL')).toBe(true);
    await eventually(async () => (await postgresPid(dataDir)) !== before && (await status(program, '/readyz')) === 200);
    const token = await runCommand(dataDir, ['token', 'create', '--scope', 'read']);
    const answer = await fetch(`${program.address}/api/v1/metrics/commits`, {
      headers: { authorization: `Bearer ${token.stdout.trim()}` },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ state: 'unknown', values: [{ value: null }] });
  });

  it('gives whoever starts it a link that makes the instance theirs, once, and a new one to whoever asks for it', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir, { env: { LOG_LEVEL: 'debug' } });
    const linkIn = (text: string): string => /(http:\/\/localhost:\d+\/setup#[\w-]{43})/.exec(text)?.[1] ?? '';
    const said = linkIn(first.output());
    expect(first.output()).toContain(`Open ${said} to make this instance yours (works once, until `);
    expect(said.startsWith(`${first.address}/setup#`)).toBe(true);
    const setUp = async (link: string, password: string): Promise<Response> =>
      fetch(`${first.address}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          token: link.split('#')[1],
          name: 'Ada',
          email: 'ada@example.org',
          zone: 'UTC',
          weekStart: 1,
          password,
        }),
      });

    const asked = await runCommand(dataDir, ['owner', 'link']);
    expect(asked.stderr).toContain('make the instance yours');
    expect((await setUp(said, 'the first password')).status).toBe(403);
    expect((await setUp(linkIn(asked.stdout), 'the first password')).status).toBe(201);
    const forgotten = await runCommand(dataDir, ['owner', 'link']);
    expect(forgotten.stderr).toContain('new password for Ada');
    expect(linkIn(forgotten.stdout).startsWith(first.address)).toBe(true);
    expect((await setUp(linkIn(forgotten.stdout), 'another password')).status).toBe(201);
    const logged = first
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(logged.length).toBeGreaterThan(2);
    for (const link of [said, linkIn(asked.stdout), linkIn(forgotten.stdout)])
      expect(logged.join('\n')).not.toContain(link.split('#')[1]);
    first.child.kill('SIGTERM');
    await first.ended;

    const second = await start(dataDir);
    expect(await status(second, '/readyz')).toBe(200);
    expect(second.output()).not.toContain('/setup#');
  });

  it('stops with one line that names a bad setting', async () => {
    const dataDir = await newDataDir();
    const result = await runCommand(dataDir, ['serve'], { env: { PORT: 'eighty' } });
    expect(result.code).toBe(1);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain('PORT');
  });
});
