/**
 * The body of a `commit` event: what git printed, byte for byte, from our marker to the NUL of the last entry.
 * Git itself prints the marker as part of the format, so that a body is a plain slice of git's output.
 */
export const recordMarker = 'devpulse-git-commit/1';

/** What is known of a commit's files, and if nothing, why. */
export const filesStates = ['complete', 'shallow', 'partial', 'too-large'] as const;
export type FilesState = (typeof filesStates)[number];

/** The NUL-terminated fields that come before the file entries, in their order. */
const placeholders = {
  sha: '%H',
  parents: '%P',
  authorName: '%an',
  authorEmail: '%ae',
  authorDate: '%ad',
  committerName: '%cn',
  committerEmail: '%ce',
  committerDate: '%cd',
  encoding: '%e',
  // Git's own reading of the trailers: whoever counts with git's %(trailers) or shortlog finds the same people.
  coAuthors: '%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x0a)',
  message: '%B',
} as const;

export type RecordField = 'marker' | 'files' | keyof typeof placeholders;

export const recordFields: readonly RecordField[] = [
  'marker',
  'files',
  ...(Object.keys(placeholders) as (keyof typeof placeholders)[]),
];

/** The `--format` that makes git print records. */
export function logFormat(files: FilesState): string {
  return `--format=tformat:${[recordMarker, files, ...Object.values(placeholders)].join('%x00')}`;
}

const tab = 0x09;
const colon = 0x3a;

/**
 * How many path tokens follow the entry token that lies between `start` and the NUL at `end`: one or two after a raw
 * entry; none after a numstat entry, which carries its path, or two when that path is empty (a rename).
 */
export function pathsAfterEntry(bytes: Uint8Array, start: number, end: number): 0 | 1 | 2 {
  if (bytes[start] === colon) {
    const status = bytes[bytes.lastIndexOf(0x20, end - 1) + 1];
    return status === 0x52 || status === 0x43 ? 2 : 1;
  }
  const secondTab = bytes.indexOf(tab, bytes.indexOf(tab, start) + 1);
  return secondTab === end - 1 ? 2 : 0;
}

/** Between the entries git puts a newline or a NUL; neither can begin an entry. */
export function isBetweenEntries(byte: number | undefined): boolean {
  return byte === 0x00 || byte === 0x0a;
}
