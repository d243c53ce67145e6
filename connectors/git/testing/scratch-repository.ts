import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface CommitOptions {
  /** Path to content; `null` removes the file. */
  files?: Record<string, string | Buffer | null>;
  message?: string;
  /** `Name <address>`. */
  author?: string;
  /** As git takes it: `1700000000 +0530`. */
  date?: string;
  committerDate?: string;
  /** Extra arguments of `git commit`. */
  args?: string[];
}

const environment = {
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Carl',
  GIT_COMMITTER_EMAIL: 'carl@example.org',
};

export interface RunOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
}

/** Runs the machine's own git, the independent witness of these tests. */
export function git(folder: string, args: string[], options: RunOptions = {}): string {
  return gitBytes(folder, args, options).toString('utf8').trimEnd();
}

export function gitBytes(folder: string, args: string[], options: RunOptions = {}): Buffer {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'gc.auto=0', ...args], {
    cwd: folder,
    env: { ...environment, ...options.env },
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
    input: options.input ?? '',
  });
}

/** A folder of its own for one test file; `dispose` removes it. */
export class ScratchFolder {
  readonly path = realpathSync(mkdtempSync(path.join(tmpdir(), 'devpulse-git-')));
  #count = 0;

  /** A new name inside; nothing is there yet. */
  reserve(name = 'place'): string {
    this.#count += 1;
    return path.join(this.path, `${name}-${this.#count}`);
  }

  repository(options: { name?: string; initArgs?: string[] } = {}): ScratchRepository {
    const folder = this.reserve(options.name ?? 'repository');
    mkdirSync(folder);
    git(folder, ['init', '-q', '-b', 'main', ...(options.initArgs ?? [])]);
    return new ScratchRepository(folder);
  }

  clone(from: string, args: string[] = []): ScratchRepository {
    const folder = this.reserve('clone');
    git(this.path, ['clone', '-q', ...args, `file://${from}`, folder]);
    return new ScratchRepository(folder);
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class ScratchRepository {
  readonly path: string;
  #second = 1_700_000_000;

  constructor(folder: string) {
    this.path = folder;
  }

  git(args: string[], options: RunOptions = {}): string {
    return git(this.path, args, options);
  }

  /** Commits everything that lies in the folder and returns the sha. */
  commit(options: CommitOptions = {}): string {
    for (const [name, content] of Object.entries(options.files ?? {})) this.write(name, content);
    this.git(['add', '-A']);
    return this.commitIndex(options);
  }

  write(name: string, content: string | Buffer | null): void {
    const full = path.join(this.path, name);
    if (content === null) return rmSync(full, { recursive: true });
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
  }

  /** Commits what the index holds. */
  commitIndex(options: CommitOptions = {}): string {
    this.#second += 60;
    const date = options.date ?? `${this.#second} +0000`;
    const [, name = '', email = ''] = /^(.*?)\s*<(.*)>$/.exec(options.author ?? 'Ada <ada@example.org>') ?? [];
    const args = ['commit', '-q', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-F', '-'];
    this.git([...args, ...(options.args ?? [])], {
      input: options.message ?? `commit at ${this.#second}`,
      env: {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: options.committerDate ?? date,
      },
    });
    return this.git(['rev-parse', 'HEAD']);
  }

  /** Stores a commit object byte by byte, however wrong, and lets a branch point at it. */
  storeCommit(branch: string, headers: (string | Buffer)[], message: string | Buffer = 'stored'): string {
    const tree = this.git(['write-tree']);
    const lines = [`tree ${tree}`, ...headers].flatMap((header) => [Buffer.from(header), Buffer.from('\n')]);
    const input = Buffer.concat([...lines, Buffer.from('\n'), Buffer.from(message)]);
    const sha = this.git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], { input });
    writeFileSync(path.join(this.path, '.git', 'refs', 'heads', branch), `${sha}\n`);
    return sha;
  }

  /** Every commit reachable from these, by git's own count. */
  reachable(...tips: string[]): string[] {
    return this.git(['rev-list', ...tips, '--'])
      .split('\n')
      .filter((line) => line !== '')
      .toSorted();
  }

  dropUnreachable(): void {
    this.git(['reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all']);
    this.git(['gc', '-q', '--prune=now']);
  }
}
