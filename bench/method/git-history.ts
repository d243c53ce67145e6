import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seedRandom } from './seeded-random.ts';
import { type BenchContext, bySize, shareInRun } from './target.ts';

/** A repository whose history the bench made. */
export interface GitHistory {
  folder: string;
  commits: number;
}

const seed = 20_261;
const firstSecond = 1_640_995_200;
const people = 24;
const files = 1500;
const extensions = ['ts', 'tsx', 'py', 'go', 'md', 'css', 'json', 'sql'];

/** The history of 20,000 commits that several targets read; made once in a run. */
export const shareHistory: (context: BenchContext) => Promise<GitHistory> = shareInRun(async (context) => {
  const commits = bySize(context, { quick: 2000, default: 20_000 });
  context.say(`making a history of ${commits} commits`);
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-bench-history-'));
  context.runScope.defer(() => rm(folder, { recursive: true, force: true }));
  await growHistory(folder, commits);
  return { folder, commits };
});

/** Writes a history with `git fast-import`: the same one for the same number of commits. */
export async function growHistory(folder: string, commits: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runGit(folder, ['init', '--quiet', '--bare', '.']);
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const random = seedRandom(seed);
  const contents = new Map<string, string[]>();
  for (let number = 0; number < commits; number += 1) {
    if (!child.stdin.write(describeCommit(number, random, contents))) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  // As a repository that was cloned: one pack, and a HEAD that names the branch that was made.
  await runGit(folder, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  await runGit(folder, ['repack', '-adq']);
}

/** One commit as fast-import reads it: one to six files, with a few lines changed in each. */
function describeCommit(number: number, random: () => number, contents: Map<string, string[]>): string {
  const who = Math.floor(random() ** 2 * people);
  const at = firstSecond + number * 4000 + Math.floor(random() * 3000);
  const zone = who % 3 === 0 ? '+0200' : who % 3 === 1 ? '-0500' : '+0545';
  const signature = `Person ${who} <person${who}@example.org> ${at} ${zone}`;
  const helper =
    number % 19 === 0
      ? `\n\nCo-authored-by: Person ${(who + 1) % people} <person${(who + 1) % people}@example.org>`
      : '';
  const message = `Change ${number}: what was asked for${helper}\n`;
  const changes = Array.from({ length: 1 + Math.floor(random() ** 3 * 6) }, () =>
    describeChange(number, random, contents),
  );
  return [
    'commit refs/heads/main',
    `author ${signature}`,
    `committer ${signature}`,
    `data ${Buffer.byteLength(message)}\n${message}`,
    ...changes,
    '',
  ].join('\n');
}

function describeChange(number: number, random: () => number, contents: Map<string, string[]>): string {
  const file = Math.floor(random() ** 2 * files);
  const place = `src/part${file % 40}/file${file}.${extensions[file % extensions.length]}`;
  const lines = contents.get(place) ?? Array.from({ length: 20 }, (_, line) => `line ${line} of ${place}`);
  contents.set(place, lines);
  for (let edits = 1 + Math.floor(random() * 5); edits > 0; edits -= 1) {
    const line = Math.floor(random() * lines.length);
    if (lines.length > 60 || (lines.length > 5 && random() < 0.3)) lines.splice(line, 1);
    else lines.splice(line, Number(random() < 0.5), `edit ${number} ${random()}`);
  }
  const text = `${lines.join('\n')}\n`;
  return `M 100644 inline ${place}\ndata ${Buffer.byteLength(text)}\n${text}`;
}

async function runGit(folder: string, args: string[]): Promise<void> {
  const child = spawn('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}`);
}
