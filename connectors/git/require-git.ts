import { SourceUnreadable } from '@devpulse/contract/connector';
import { GitFailed, runGit } from './run-git.ts';

/** The first that can be told to leave the reader's own configuration alone (GIT_CONFIG_GLOBAL). */
const oldest = { major: 2, minor: 32 } as const;

/** Throws `SourceUnreadable` (`tool_missing`) unless a git that we can work with is installed. */
export async function requireGit(signal?: AbortSignal): Promise<void> {
  const answer = await askVersion(signal);
  const match = /^git version (\d+)\.(\d+)/.exec(answer);
  const major = Number(match?.[1] ?? 0);
  const minor = Number(match?.[2] ?? 0);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  throw new SourceUnreadable(
    'tool_missing',
    `The installed git is too old ("${answer.trim()}"): version ${oldest.major}.${oldest.minor} or newer is needed.`,
    { retry: false },
  );
}

async function askVersion(signal: AbortSignal | undefined): Promise<string> {
  try {
    return (await runGit({ place: null, args: ['version'], signal })).toString('utf8');
  } catch (cause) {
    signal?.throwIfAborted();
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing && !(cause instanceof GitFailed)) throw cause;
    throw new SourceUnreadable(
      'tool_missing',
      isMissing
        ? `There is no git on this machine: install version ${oldest.major}.${oldest.minor} or newer.`
        : 'The installed git does not run: `git version` fails.',
      { retry: false, cause },
    );
  }
}
