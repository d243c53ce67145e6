import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { CommitFile } from '@devpulse/contract/facts';
import { isBetweenEntries, pathsAfterEntry } from './commit-record.ts';
import { decodeText } from './decode-text.ts';

const colon = 0x3a;
const dash = 0x2d;
const tab = 0x09;

/** The largest number an integer column holds; git would have to show a file of two thousand million lines. */
const linesMax = 2_147_483_647;

/**
 * Reads the entries of a record: first `--raw` (only asked which paths are submodules), then `--numstat`. The two are
 * matched by path and not by place, because numstat leaves out a pair in which no line changed.
 */
export function parseFiles(bytes: Buffer, start: number): CommitFile[] {
  const submodules = new Set<string>();
  const files: CommitFile[] = [];
  let at = start;
  for (;;) {
    while (isBetweenEntries(bytes[at])) at += 1;
    if (at >= bytes.length) return mergeSamePaths(files);
    const end = endOfToken(bytes, at);
    const paths = readPaths(bytes, end + 1, pathsAfterEntry(bytes, at, end));
    if (bytes[at] === colon) {
      if (isSubmodule(bytes, at)) paths.raw.forEach((path) => submodules.add(path.toString('latin1')));
    } else {
      files.push(readNumstat(bytes.subarray(at, end), paths.raw, submodules));
    }
    at = paths.end;
  }
}

function endOfToken(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  if (end === -1) throw new MalformedEvent('the last entry of a commit record is cut off');
  return end;
}

function readPaths(bytes: Buffer, start: number, count: number): { raw: Buffer[]; end: number } {
  const raw: Buffer[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const end = endOfToken(bytes, at);
    raw.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return { raw, end: at };
}

/** `:100644 160000 …`: the mode before or the mode after is that of a submodule. */
function isSubmodule(bytes: Buffer, start: number): boolean {
  return isSubmoduleMode(bytes, start + 1) || isSubmoduleMode(bytes, start + 8);
}

function isSubmoduleMode(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x31 && bytes[at + 1] === 0x36;
}

/** `added TAB deleted TAB path`, or with an empty path and the old and the new one behind it. */
function readNumstat(entry: Buffer, behind: Buffer[], submodules: Set<string>): CommitFile {
  const firstTab = entry.indexOf(tab);
  const secondTab = entry.indexOf(tab, firstTab + 1);
  if (firstTab === -1 || secondTab === -1) {
    throw new MalformedEvent(`"${entry.subarray(0, 80).toString('latin1')}" is no entry of git's raw or numstat list`);
  }
  const path = behind[1] ?? entry.subarray(secondTab + 1);
  return {
    path: decodeText(path),
    previousPath: behind[0] === undefined ? null : decodeText(behind[0]),
    additions: readCount(entry, 0, firstTab),
    deletions: readCount(entry, firstTab + 1, secondTab),
    isBinary: entry[0] === dash,
    isSubmodule: submodules.size > 0 && submodules.has(path.toString('latin1')),
  };
}

function readCount(entry: Buffer, start: number, end: number): number {
  if (entry[start] === dash && end === start + 1) return 0;
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (entry[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw new MalformedEvent('a count of lines is a number');
    count = count * 10 + digit;
  }
  if (end === start) throw new MalformedEvent('a count of lines is missing');
  return Math.min(count, linesMax);
}

/** Two names that differ only in their encoding become one name here; a fact names each file once. */
function mergeSamePaths(files: CommitFile[]): CommitFile[] {
  if (files.length < 2) return files;
  const byPath = new Map<string, CommitFile>();
  for (const file of files) {
    const other = byPath.get(file.path);
    byPath.set(file.path, other === undefined ? file : mergeFiles(other, file));
  }
  return byPath.size === files.length ? files : [...byPath.values()];
}

function mergeFiles(one: CommitFile, two: CommitFile): CommitFile {
  return {
    path: one.path,
    previousPath: one.previousPath ?? two.previousPath,
    additions: Math.min(one.additions + two.additions, linesMax),
    deletions: Math.min(one.deletions + two.deletions, linesMax),
    isBinary: one.isBinary || two.isBinary,
    isSubmodule: one.isSubmodule || two.isSubmodule,
  };
}
