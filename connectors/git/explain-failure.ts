import { stat } from 'node:fs/promises';
import { SourceUnreadable } from '@devpulse/contract/connector';
import { GitFailed } from './run-git.ts';

/** Says what a failure of git means to the person whose folder it is; any other error is returned as it came. */
export async function explainFailure(error: unknown, path: string): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  // Node reports a vanished working folder as if the program were missing.
  const isFileError = code !== undefined && ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(code);
  if (!(error instanceof GitFailed) && !isFileError) return error;
  return (await explainFolder(error, path)) ?? explainGit(error, path);
}

async function explainFolder(cause: unknown, path: string): Promise<SourceUnreadable | undefined> {
  try {
    await stat(path);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') return deniedAt(path, cause);
    return new SourceUnreadable('vanished', `${path} vanished while it was being read.`, { retry: true, cause });
  }
}

function explainGit(error: unknown, path: string): unknown {
  if (!(error instanceof GitFailed)) {
    const isDenied = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    return isDenied ? deniedAt(path, error) : error;
  }
  if (/permission denied/i.test(error.stderr)) return deniedAt(path, error);
  // Ended from outside (out of memory, an administrator): the folder may be fine.
  const wasKilled = error.exitCode === null;
  const said = wasKilled ? 'git was stopped from outside' : lastLine(error.stderr);
  return new SourceUnreadable('failed', `git cannot read ${path}: ${said}`, { retry: wasKilled, cause: error });
}

export function deniedAt(path: string, cause?: unknown): SourceUnreadable {
  return new SourceUnreadable(
    'denied',
    `${path} cannot be read by the user DevPulse runs as: give that user read access to the folder.`,
    { retry: false, cause },
  );
}

export function lastLine(stderr: string): string {
  return stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
