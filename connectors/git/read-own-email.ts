import { explainFailure } from './explain-failure.ts';
import { openRepository } from './open-repository.ts';
import { requireGit } from './require-git.ts';
import { GitFailed, runGit } from './run-git.ts';

export interface OwnIdentity {
  email: string;
  name: string;
}

/** Who git would write into a commit made in this folder, or `null` when no address is set. */
export async function readOwnEmail(folder: string): Promise<OwnIdentity | null> {
  await requireGit();
  const { place, path } = await openRepository(folder);
  const email = await readSetting(place, path, 'user.email');
  if (email === '') return null;
  return { email, name: await readSetting(place, path, 'user.name') };
}

async function readSetting(place: Parameters<typeof runGit>[0]['place'], path: string, name: string): Promise<string> {
  try {
    const answer = await runGit({ place, args: ['config', '--null', '--get', name], personal: true });
    return answer.toString('utf8').replace(/\0$/, '').trim();
  } catch (error) {
    // Exit code 1: not set.
    if (error instanceof GitFailed && error.exitCode === 1) return '';
    throw await explainFailure(error, path);
  }
}
