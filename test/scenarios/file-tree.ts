import type { FileChange, LeftOut } from './history.ts';

/** One file as it stands on a branch. */
export interface FileState {
  lines: readonly string[];
  language: string;
  leftOut: LeftOut | null;
}

/** The files of a branch by path. */
export type FileTree = Map<string, FileState>;

/** A change that can be made again elsewhere: lines are found by what they say, never by their number. */
export interface Edit {
  path: string;
  language: string;
  leftOut: LeftOut | null;
  /** The line that the new ones follow; without it, or where it is gone, they come last. */
  after: string | null;
  insert: readonly string[];
  remove: readonly string[];
}

/** Makes the edits and says what came of each file, as one commit would show it. */
export function applyEdits(tree: FileTree, edits: readonly Edit[]): FileChange[] {
  const before = new Map<string, readonly string[]>();
  for (const edit of edits) {
    const state = tree.get(edit.path);
    if (!before.has(edit.path)) before.set(edit.path, state?.lines ?? []);
    tree.set(edit.path, {
      lines: editLines(state?.lines ?? [], edit),
      language: edit.language,
      leftOut: edit.leftOut,
    });
  }
  return [...before].map(([path, old]) => describeChange(path, old, tree.get(path)));
}

function editLines(lines: readonly string[], edit: Edit): string[] {
  const gone = new Set(edit.remove);
  const kept = lines.filter((line) => !gone.has(line));
  const anchor = edit.after === null ? -1 : kept.indexOf(edit.after);
  kept.splice(anchor === -1 ? kept.length : anchor + 1, 0, ...edit.insert);
  return kept;
}

function describeChange(path: string, before: readonly string[], state: FileState | undefined): FileChange {
  if (state === undefined) throw new Error(`${path} was edited and is not there`);
  const old = new Set(before);
  const now = new Set(state.lines);
  return {
    path,
    previousPath: null,
    lines: state.lines,
    added: state.lines.filter((line) => !old.has(line)).length,
    removed: before.filter((line) => !now.has(line)).length,
    language: state.language,
    leftOut: state.leftOut,
  };
}

/** Moves a file as it is. */
export function renameFile(tree: FileTree, from: string, to: string): FileChange {
  const state = tree.get(from);
  if (state === undefined) throw new Error(`${from} is not there to be renamed`);
  tree.delete(from);
  tree.set(to, state);
  return { path: to, previousPath: from, added: 0, removed: 0, ...state };
}
