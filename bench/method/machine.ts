import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What a figure depends on besides the code. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  postgres: string;
  git: string;
  commit: string;
}

/** Describes this machine; what cannot be found out is called unknown. */
export function describeMachine(postgres: string): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    postgres,
    git: ask('git', ['--version']).replace('git version ', ''),
    commit: describeCommit(),
  };
}

/** Load average over a minute, and the busiest processes beside us. */
export function readLoad(): { load: number; busiest: string[] } {
  const lines = ask('ps', ['-eo', 'pcpu,comm', '--sort=-pcpu', '--no-headers']).split('\n').slice(0, 5);
  return { load: loadavg()[0] ?? 0, busiest: lines.map((line) => line.trim()).filter((line) => line !== '') };
}

function describeCommit(): string {
  const hash = ask('git', ['rev-parse', '--short=12', 'HEAD']);
  return ask('git', ['status', '--porcelain', '--untracked-files=no']) === '' ? hash : `${hash} with changes`;
}

function ask(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
