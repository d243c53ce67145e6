import type { OpenedRepository } from './open-repository.ts';
import { GitFailed, runGit, streamGitLines } from './run-git.ts';

/** A part of the history: what can be reached from `from` and not from `without`. */
export interface Stretch {
  repository: OpenedRepository;
  from: string[];
  without: string[];
  signal?: AbortSignal | undefined;
}

/** Tips by the thousand do not fit on a command line. */
export function stretchInput({ from, without }: Pick<Stretch, 'from' | 'without'>): string {
  return [...from, ...without.map((sha) => `^${sha}`), ''].join('\n');
}

/** How many commits a stretch has. A tip in `without` may be gone: its commits then count again. */
export async function countStretch(stretch: Stretch): Promise<number> {
  if (stretch.from.length === 0) return 0;
  return countWith(stretch, ['--ignore-missing']);
}

/** Whether every commit of the stretch is still stored: after a garbage collection an old tip leads nowhere. */
export async function isWhole(stretch: Stretch): Promise<boolean> {
  if (stretch.from.length === 0) return true;
  try {
    await countWith(stretch, []);
    return true;
  } catch (error) {
    if (error instanceof GitFailed && error.exitCode === 128) return false;
    throw error;
  }
}

/** The commit ids of a stretch, in groups. */
export async function* listStretch(
  stretch: Stretch,
  options: string[] = [],
): AsyncGenerator<string[], void, undefined> {
  if (stretch.from.length === 0) return;
  const args = ['rev-list', '--ignore-missing', ...options, '--stdin'];
  yield* streamGitLines({
    place: stretch.repository.place,
    args,
    input: stretchInput(stretch),
    signal: stretch.signal,
  });
}

async function countWith(stretch: Stretch, options: string[]): Promise<number> {
  const args = ['rev-list', ...options, '--count', '--stdin'];
  const { repository, signal } = stretch;
  return Number(await runGit({ place: repository.place, args, input: stretchInput(stretch), signal }));
}
