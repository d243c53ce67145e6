import { spawn } from 'node:child_process';

/** Git's "there is no such file"; its Windows build understands it too. */
const nowhere = '/dev/null';

/** Where git reads. Both are always named, so that git searches for nothing and asks nobody who owns the folder. */
export interface GitPlace {
  gitDir: string;
  /** The checked-out files, whose `.gitattributes` say which files are binary; `null` when there are none. */
  workTree: string | null;
}

export interface GitCommand {
  /** `null` for a command that needs no repository. */
  place: GitPlace | null;
  args: string[];
  input?: string;
  signal?: AbortSignal | undefined;
  /** Added to the quiet environment. */
  env?: Record<string, string>;
  /** Read the configuration of the person who runs us; only for asking who that is. */
  personal?: boolean;
}

/** Git ran and refused, or was ended. */
export class GitFailed extends Error {
  override name = 'GitFailed';
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(command: GitCommand, exitCode: number | null, stderr: string) {
    super(`git ${command.args[0]} ended with ${exitCode ?? 'a signal'}: ${stderr.trim()}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/**
 * The folder may belong to a stranger and we may be root, so nothing that its configuration names may run or change
 * what the history says: no hooks, monitors, external diffs or text converters, no fetching of missing objects over
 * any transport, no replacements. The reader's own configuration is left out as well: numbers must not depend on it.
 */
const quietSettings = [
  'core.fsmonitor=false',
  `core.hooksPath=${nowhere}`,
  `core.attributesFile=${nowhere}`,
  'core.bigFileThreshold=512m',
  'core.commentChar=#',
  'core.quotePath=off',
  'log.showRoot=true',
  'log.showSignature=false',
  'log.mailmap=false',
  'protocol.allow=never',
  'trailer.separators=:',
];

const quietEnvironment = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

const historyEnvironment = {
  GIT_CONFIG_GLOBAL: nowhere,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_GRAFT_FILE: nowhere,
  GIT_NO_LAZY_FETCH: '1',
  // Stronger than protocol.allow, which a repository can undo for a single transport.
  GIT_ALLOW_PROTOCOL: 'none',
};

/** Streams what git prints; the reader's pace is git's pace. Throws `GitFailed` unless git ends well. */
export async function* streamGit(command: GitCommand): AsyncGenerator<Buffer, void, undefined> {
  command.signal?.throwIfAborted();
  const child = spawn('git', buildArguments(command), {
    cwd: command.place === null ? undefined : (command.place.workTree ?? command.place.gitDir),
    env: buildEnvironment(command),
    windowsHide: true,
    killSignal: 'SIGKILL',
    ...(command.signal === undefined ? {} : { signal: command.signal }),
  });
  let failure: Error | undefined;
  let stderr = '';
  const closed = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      failure = error;
    });
    child.once('close', (code) => resolve(code));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4096);
  });
  // EPIPE when git ends before it has read everything: its exit code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.input ?? '');
  let ended = false;
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    ended = true;
  } catch (error) {
    failure ??= error as Error;
    ended = true;
  } finally {
    // The reader went away in the middle.
    if (!ended) child.kill('SIGKILL');
  }
  const exitCode = await closed;
  command.signal?.throwIfAborted();
  if (failure !== undefined) throw failure;
  if (exitCode !== 0) throw new GitFailed(command, exitCode, stderr);
}

/** Runs git for a short answer. */
export async function runGit(command: GitCommand): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamGit(command)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The lines git prints, in groups as they arrive. */
export async function* streamGitLines(command: GitCommand): AsyncGenerator<string[], void, undefined> {
  let rest = '';
  for await (const chunk of streamGit(command)) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

function buildArguments(command: GitCommand): string[] {
  const { place } = command;
  return [
    '--no-pager',
    '--no-replace-objects',
    ...quietSettings.flatMap((setting) => ['-c', setting]),
    ...(place === null ? [] : [`--git-dir=${place.gitDir}`]),
    ...(place === null || place.workTree === null ? [] : [`--work-tree=${place.workTree}`]),
    ...command.args,
  ];
}

/** A hook or an alias of git that started us has set GIT_DIR and the like for its own repository: those stay behind. */
function buildEnvironment(command: GitCommand): NodeJS.ProcessEnv {
  // oxlint-disable-next-line node/no-process-env -- handed on to git (PATH, HOME), nothing is read from it
  const inherited = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  return {
    ...Object.fromEntries(inherited),
    ...quietEnvironment,
    ...(command.personal === true ? {} : historyEnvironment),
    ...command.env,
  };
}
