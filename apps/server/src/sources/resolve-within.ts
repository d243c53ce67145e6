import type { Stats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@devpulse/contract/errors';

/** A folder that may be looked into, as it was configured and without symbolic links. */
export interface Root {
  named: string;
  real: string;
}

/** The configured folders that are there now; a drive that is not mounted comes back by itself. */
export async function findRoots(named: readonly string[]): Promise<Root[]> {
  const found: Root[] = [];
  for (const folder of named) {
    const real = await realpath(folder).catch(() => null);
    if (real !== null) found.push({ named: folder, real });
  }
  return found;
}

// As many as Linux itself follows.
const linksMax = 40;

/**
 * The path without symbolic links, once it is known to lie below a root. It is followed step by step and given up at the
 * first step out, so that nothing outside is ever asked for: what is there and what is not gets the same answer.
 */
export async function resolveWithin(roots: readonly Root[], asked: string): Promise<string> {
  if (!path.isAbsolute(asked) || asked.includes('\0'))
    throw new AppError('invalid_request', `“${asked}” is not an absolute path: begin with ${roots[0]?.named ?? '/'}.`);
  return follow({ roots, asked, linksLeft: linksMax }, path.resolve(asked));
}

interface Walk {
  roots: readonly Root[];
  asked: string;
  linksLeft: number;
}

async function follow(walk: Walk, target: string): Promise<string> {
  let { current, names } = enter(walk, target);
  while (names.length > 0) {
    const [name = '', ...more] = names;
    const next = path.join(current, name);
    const stats = await look(walk, next);
    if (!stats.isSymbolicLink()) {
      current = next;
      names = more;
      continue;
    }
    walk.linksLeft -= 1;
    if (walk.linksLeft < 0) throw missing(walk);
    const led = path.resolve(current, await readlink(next));
    ({ current, names } = enter(walk, path.join(led, ...more)));
  }
  return current;
}

/** Where to begin, and the steps from there. */
function enter(walk: Walk, target: string): { current: string; names: string[] } {
  for (const { named, real } of walk.roots) {
    for (const top of [real, named]) {
      if (isWithin(top, target))
        return { current: real, names: path.relative(top, target).split(path.sep).filter(Boolean) };
    }
  }
  throw outside(walk);
}

async function look(walk: Walk, target: string): Promise<Stats> {
  try {
    return await lstat(target);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw denied(walk.asked);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') throw missing(walk);
    throw error;
  }
}

/** True when a path is that folder or lies below it; both without symbolic links. */
function isWithin(top: string, target: string): boolean {
  const way = path.relative(top, target);
  return way === '' || (!path.isAbsolute(way) && way !== '..' && !way.startsWith(`..${path.sep}`));
}

/** The folder exists but not for the user the program runs as. */
export function denied(folder: string): AppError {
  return new AppError(
    'invalid_request',
    `${folder} cannot be read by the user DevPulse runs as: give that user read access to the folder.`,
  );
}

function missing({ asked }: Walk): AppError {
  return new AppError(
    'invalid_request',
    `There is no folder ${asked}: check the spelling, or choose it from the list.`,
  );
}

function outside({ roots, asked }: Walk): AppError {
  const places = roots.map((root) => root.named);
  const where = places.length === 0 ? 'nowhere: none of the folders it names exists' : `below ${places.join(' and ')}`;
  return new AppError(
    'forbidden',
    `${asked} lies outside of what may be read. Repositories are read ${where}; DEVPULSE_GIT_ROOTS says so, and whoever ` +
      'runs DevPulse can add a folder to it, or import one on the command line.',
  );
}
