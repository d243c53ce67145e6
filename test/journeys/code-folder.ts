import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { makeSolo } from '../scenarios/solo.ts';
import { writeRepositories } from '../scenarios/write-repositories.ts';
import type { Instance } from './open-instance.ts';

/** A folder of somebody's work, as a path, with what git itself says of it. */
export interface CodeFolder {
  path: string;
  repository: string;
  /** Commits of the person whose address git knows, by git's own count. */
  countOwn(): number;
  countAll(): number;
  /** Commits now, as the person, changing nothing but the history. */
  commit(subject: string): string;
}

/** Sixty days of one person's work, where the program may read it. */
export async function writeCode(instance: Instance): Promise<CodeFolder> {
  const folder = path.join(instance.folder, 'code');
  const now = new Date();
  const endDay = now.toISOString().slice(0, 10);
  // The day is not over: nothing of it may lie later than now.
  const until = Math.floor(now.getTime() / 1000);
  const [repository] = await writeRepositories(makeSolo({ seed: 'journey', endDay, until }), folder);
  if (repository === undefined) throw new Error('the scenario has no repository');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim();
  return {
    path: folder,
    repository: path.basename(repository, '.git'),
    countOwn: () => Number(git('rev-list', '--all', '--count', '--author=Mira Solano')),
    countAll: () => Number(git('rev-list', '--all', '--count')),
    commit: (subject) => {
      const tree = git('rev-parse', 'main^{tree}');
      const parent = git('rev-parse', 'main');
      const sha = git('commit-tree', tree, '-p', parent, '-m', subject);
      git('update-ref', 'refs/heads/main', sha);
      return sha;
    },
  };
}
