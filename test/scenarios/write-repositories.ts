import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type FileChange,
  type HistoryCommit,
  type Moment,
  renderMessage,
  type RepositoryHistory,
  type Scenario,
  type Signature,
} from './history.ts';

/** Writes the repositories of a scenario as bare git folders, `<name>.git`, and answers their paths in order. */
export async function writeRepositories(scenario: Scenario, folder: string): Promise<string[]> {
  const self = scenario.people.find(({ id }) => id === scenario.self);
  const own = self === undefined ? {} : { self: { name: self.name, email: self.emails[0] } };
  return Promise.all(
    scenario.repositories.map(async (history) => {
      const target = path.join(folder, `${history.name}.git`);
      await writeRepository(history, { target, ...own });
      return target;
    }),
  );
}

/** Writes one history as a bare git folder. The same history gives the same commit ids, wherever it is written. */
export async function writeRepository(
  history: RepositoryHistory,
  options: { target: string; self?: Signature },
): Promise<void> {
  const { target, self } = options;
  await mkdir(target, { recursive: true });
  await runGit(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', target]);
  if (self !== undefined) {
    await runGit(['-C', target, 'config', 'user.name', self.name]);
    await runGit(['-C', target, 'config', 'user.email', self.email]);
  }
  // Never the committer's clock, never an unpacked object each: one pack, written in one go.
  if (history.commits.length > 0)
    await runGit(['-C', target, '-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet'], stream(history));
}

function* stream(history: RepositoryHistory): Generator<string> {
  for (const commit of history.commits) yield writeCommit(commit);
  for (const [branch, mark] of Object.entries(history.branches)) yield `reset refs/heads/${branch}\nfrom :${mark}\n\n`;
  for (const [tag, mark] of Object.entries(history.tags)) yield `reset refs/tags/${tag}\nfrom :${mark}\n\n`;
}

function writeCommit(commit: HistoryCommit): string {
  const [from, ...merged] = commit.parents;
  const head = [
    'commit refs/heads/main',
    `mark :${commit.mark}`,
    `author ${writeSignature(commit.author, commit.authored)}`,
    `committer ${writeSignature(commit.committer, commit.committed)}`,
    writeData(renderMessage(commit)),
    ...(from === undefined ? [] : [`from :${from}`]),
    ...merged.map((mark) => `merge :${mark}`),
  ];
  return `${[...head, ...commit.changes.flatMap(writeChange)].join('\n')}\n\n`;
}

function writeChange(change: FileChange): string[] {
  if (change.previousPath !== null) return [`R ${change.previousPath} ${change.path}`];
  return [`M 100644 inline ${change.path}`, writeData(change.lines.map((line) => `${line}\n`).join(''))];
}

function writeData(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function writeSignature({ name, email }: Signature, { at, offsetMinutes }: Moment): string {
  const size = Math.abs(offsetMinutes);
  const digits = `${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
  return `${name} <${email}> ${at} ${offsetMinutes < 0 ? '-' : '+'}${digits}`;
}

/** Git as it is out of the box: nothing of whoever runs this may find its way into the repositories. */
async function runGit(args: readonly string[], input: Iterable<string> = []): Promise<void> {
  const child = spawn('git', args, {
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close') as Promise<[number | null]>;
  // When git stops early its own words say more than a broken pipe does.
  const fed = pipeline(Readable.from(input), child.stdin).catch((error: Error) => error);
  const [code] = await ended;
  await fed;
  if (code !== 0) throw new Error(`git ${args[0] === '-C' ? args[2] : args[0]} ended with ${code}: ${errors.trim()}`);
}
