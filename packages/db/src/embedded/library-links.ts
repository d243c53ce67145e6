import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Link {
  /** File name the link points to, in the same folder. */
  source: string;
  /** Path of the link, below the native folder. */
  target: string;
}

/** The shared-library links of the package that are not there; npm cannot pack links and the install script may not have run. */
export function findMissingLinks(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[];
  return links
    .map((link) => ({ source: basename(link.source), target: link.target.replace(/^native[/\\]/, '') }))
    .filter((link) => !existsSync(join(native, link.target)));
}

/** Makes the missing links; false when this user may not write there. */
export function makeLinks(native: string, links: readonly Link[]): boolean {
  try {
    for (const link of links) makeLink(native, link);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function makeLink(native: string, link: Link): void {
  const path = join(native, link.target);
  if (!existsSync(join(dirname(path), link.source))) {
    throw new Error(
      `The library ${link.source} is missing in ${dirname(path)}. Remove node_modules and run npm install.`,
    );
  }
  try {
    symlinkSync(link.source, path);
  } catch (error) {
    // Two starts from one checkout may make the same link at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
