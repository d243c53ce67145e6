import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../tools/root.ts';
import { plant, removeTree } from './planted-tree.ts';

interface Answer {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Stands for the server: tells what it was given, and with `--wait` which signals it gets until the first ended it. */
const program = `
  if (process.argv.includes('--wait')) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        console.log('got ' + signal);
        setTimeout(() => process.exit(7), 200);
      });
    }
    setInterval(() => undefined, 1000);
  }
  process.exitCode = Number(process.env['EXIT_CODE'] ?? 0);
  console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), major: parseInt(process.versions.node) }));
`;

const manifest = { name: 'planted', version: '1.0.0', private: true, type: 'module', workspaces: ['packages/*'] };
const member = { name: '@planted/one', version: '1.0.0' };
const lock = {
  name: 'planted',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'planted', version: '1.0.0', workspaces: ['packages/*'] },
    'node_modules/@planted/one': { resolved: 'packages/one', link: true },
    'packages/one': { name: '@planted/one', version: '1.0.0' },
  },
};

/** Takes away the system call that replaces a process, as on Node 20. */
const withoutExecve = ['--import', 'data:text/javascript,process.execve=undefined'];

describe('the commands of an empty checkout', () => {
  let root: string;
  let home: string;
  let running: ChildProcess[];

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'devpulse-bootstrap-')));
    home = mkdtempSync(path.join(tmpdir(), 'devpulse-home-'));
    running = [];
    for (const name of readdirSync(path.join(ROOT, 'tools')).filter((file) => file.endsWith('.mjs'))) {
      cpSync(path.join(ROOT, 'tools', name), path.join(root, 'tools', name));
    }
    plant(root, {
      'package.json': JSON.stringify({ ...manifest, scripts: { start: 'exec node tools/start.mjs' } }),
      'package-lock.json': JSON.stringify(lock),
      'packages/one/package.json': JSON.stringify(member),
      'apps/server/src/main.ts': program,
      // Stands for the build of the screens, which has nothing to do.
      'tools/build-web.ts': '',
    });
  });

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    removeTree(root);
    removeTree(home);
  });

  function start(
    args: string[],
    options: { cwd?: string; env?: Record<string, string>; flags?: string[] } = {},
  ): ChildProcess {
    // What npm tells its scripts is about the tree that is being tested from, not about the planted one.
    const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/.test(name)));
    const env = { ...rest, HOME: home, npm_config_cache: path.join(home, 'cache'), ...options.env };
    const [command = 'start', ...own] = args;
    const script = path.join(root, 'tools', `${command}.mjs`);
    const child = spawn(process.execPath, [...(options.flags ?? []), script, ...own], {
      cwd: options.cwd ?? root,
      env,
    });
    running.push(child);
    return child;
  }

  function finish(child: ChildProcess): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (data: Buffer) => (texts[name] += data.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
    return promise;
  }

  it('install what is missing with a line per step, and say nothing when all is there', async () => {
    const first = await finish(start(['start', '--demo', '--port', '0']));
    expect(first.stderr).toMatch(/^1\/2 Installing dependencies … \d+ s\n2\/2 Checking Node 24 … \d+ s\n$/);
    expect(JSON.parse(first.stdout)).toEqual({ args: ['serve', '--demo', '--port', '0'], cwd: root, major: 24 });
    expect(existsSync(path.join(root, 'node_modules/@planted/one'))).toBe(true);
    expect(readdirSync(root).filter((name) => name.endsWith('.log'))).toEqual([]);

    const second = await finish(start(['devpulse', 'verify']));
    expect(second.stderr).toBe('');
    expect(JSON.parse(second.stdout)).toMatchObject({ args: ['verify'] });
  });

  it('build the screens before the server starts, and start nothing when that fails', async () => {
    plant(root, { 'tools/build-web.ts': "console.error('built in ' + process.cwd());" });
    const built = await finish(start(['start'], { cwd: home }));
    expect(built.stderr).toContain(`built in ${root}`);
    expect(JSON.parse(built.stdout)).toMatchObject({ args: ['serve'] });
    // A command of the program draws no screen.
    expect((await finish(start(['devpulse', 'verify']))).stderr).toBe('');

    plant(root, { 'tools/build-web.ts': "console.error('no such part'); process.exit(3);" });
    const failed = await finish(start(['start']));
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toBe('no such part\ntools/build-web.ts ended with 3; nothing was started.\n');
  });

  it('accept what a person installed with npm, and repair a link that got lost', async () => {
    await finish(start(['start']));
    rmSync(path.join(root, 'node_modules/.devpulse-install.json'));
    expect((await finish(start(['start']))).stderr).toBe('');
    rmSync(path.join(root, 'node_modules/@planted/one'));
    expect((await finish(start(['start']))).stderr).toContain('Installing dependencies');
    expect(existsSync(path.join(root, 'node_modules/@planted/one'))).toBe(true);
  });

  it('install again when the lockfile changed', async () => {
    await finish(start(['start']));
    plant(root, { 'packages/two/package.json': JSON.stringify({ ...member, name: '@planted/two' }) });
    const packages = {
      ...lock.packages,
      'node_modules/@planted/two': { resolved: 'packages/two', link: true },
      'packages/two': { name: '@planted/two', version: '1.0.0' },
    };
    plant(root, { 'package-lock.json': JSON.stringify({ ...lock, packages }) });
    expect((await finish(start(['start']))).stderr).toContain('Installing dependencies');
    expect(existsSync(path.join(root, 'node_modules/@planted/two'))).toBe(true);
  });

  it('name the log with npm’s full output when the installation fails', async () => {
    const broken = JSON.stringify({ ...manifest, dependencies: { 'planted-absent': '1.0.0' } });
    plant(root, { 'package.json': broken });
    const answer = await finish(start(['start'], { env: { npm_config_offline: 'true' } }));
    const log = path.join(root, 'install-failed.log');
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(
      `1/2 Installing dependencies … failed\nnpm ci failed with code 1. Its full output: ${log}\n`,
    );
    expect(answer.stderr).toContain('npm error');
    expect(readFileSync(log, 'utf8')).toContain('npm error');

    plant(root, { 'package.json': JSON.stringify(manifest) });
    expect((await finish(start(['start']))).code).toBe(0);
    expect(existsSync(log)).toBe(false);
  });

  it('wait for another process that installs', async () => {
    plant(root, { 'install.log': 'of the other' });
    const child = start(['start']);
    const done = finish(child);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (data: Buffer) => data.toString().includes('waiting for another process') && resolve());
    });
    expect(existsSync(path.join(root, 'node_modules'))).toBe(false);
    rmSync(path.join(root, 'install.log'));
    expect(await done).toMatchObject({ code: 0 });
    expect(existsSync(path.join(root, 'node_modules/@planted/one'))).toBe(true);
  });

  it('all work when several are started at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => finish(start(['start']))));
    expect(answers.map((answer) => answer.code)).toEqual([0, 0, 0]);
  });

  it('are not held up by an installation that was killed', async () => {
    plant(root, { 'install.log': 'cut short' });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path.join(root, 'install.log'), longAgo, longAgo);
    const answer = await finish(start(['start']));
    expect(answer).toMatchObject({ code: 0 });
    expect(answer.stderr).not.toContain('waiting');
  });

  it.each([
    ['replacing itself', []],
    ['as a parent', withoutExecve],
  ])('hand on exit code and signals, once each, %s', async (_way, flags) => {
    await finish(start(['start']));
    expect(await finish(start(['start'], { flags, env: { EXIT_CODE: '5' } }))).toMatchObject({ code: 5 });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const child = start(['start', '--wait'], { flags });
      const done = finish(child);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      child.kill(signal);
      const answer = await done;
      expect(answer).toMatchObject({ code: 7, signal: null });
      expect(answer.stdout.match(/got \w+/g)).toEqual([`got ${signal}`]);
    }
  });

  it('die of the signal that their program died of', async () => {
    await finish(start(['start']));
    plant(root, { 'apps/server/src/main.ts': "process.kill(process.pid, 'SIGKILL');" });
    expect(await finish(start(['start'], { flags: withoutExecve }))).toMatchObject({ signal: 'SIGKILL' });
  });

  it('take paths from where the person stands', async () => {
    await finish(start(['start']));
    const told = { INIT_CWD: path.join(root, 'packages'), npm_package_json: path.join(root, 'package.json') };
    const viaNpm = await finish(start(['devpulse', 'import', '.'], { env: told }));
    expect(JSON.parse(viaNpm.stdout)).toMatchObject({ cwd: path.join(root, 'packages') });
    const foreign = { ...told, npm_package_json: path.join(home, 'package.json') };
    const viaOther = await finish(start(['devpulse'], { env: foreign }));
    expect(JSON.parse(viaOther.stdout)).toMatchObject({ cwd: root });
    const directly = await finish(start(['devpulse'], { cwd: path.join(root, 'tools'), env: { INIT_CWD: home } }));
    expect(JSON.parse(directly.stdout)).toMatchObject({ cwd: path.join(root, 'tools') });
  });
});
