import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { findInPath, findPostgres } from './external-servers.ts';
import { runProgram } from './run-program.ts';

const needs = [
  { title: 'git', package: 'git', isThere: () => findInPath('git') !== null },
  { title: 'PostgreSQL 15 or newer', package: 'postgresql', isThere: () => findPostgres() !== null },
  { title: 'Redis', package: 'redis-server', isThere: () => findInPath('redis-server') !== null },
  { title: 'Chromium', package: 'chromium', isThere: () => hasChromium() },
];

function hasChromium(): boolean {
  return ['chromium', 'chromium-browser', 'google-chrome'].some((name) => findInPath(name) !== null);
}

/** Installs the servers and the browser that the tests need where it can, and says in a sentence each what is missing after that. */
export async function installMissing(): Promise<string[]> {
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length === 0) return [];
  const packages = missing.map((need) => need.package);
  const isRoot = process.platform !== 'win32' && userInfo().uid === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    return missing.map((need) => `${need.title} is missing; install it (Debian: apt-get install ${need.package})`);
  }
  process.stdout.write(`Installing ${packages.join(', ')} … `);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await runProgram('apt-get', ['update'], { env });
  const install = await runProgram('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  const still = missing.filter((need) => !need.isThere());
  process.stdout.write(still.length === 0 ? 'done\n' : `failed\n${update.output}${install.output}\n`);
  return still.map((need) => `${need.title} is missing and apt-get could not install ${need.package}`);
}
