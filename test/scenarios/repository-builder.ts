import type { Blueprint } from './blueprints.ts';
import { applyEdits, type Edit, type FileTree, renameFile } from './file-tree.ts';
import type { CommitWay, FileChange, HistoryCommit, Moment, RepositoryHistory, Signature } from './history.ts';
import { drawWords, makeLine } from './line-makers.ts';
import type { Random } from './random.ts';

/** What a commit is, apart from its place in the history. */
export interface CommitDraft {
  author: Signature;
  authored: Moment;
  committer?: Signature;
  committed?: Moment;
  subject: string;
  body?: string;
  coAuthors?: readonly Signature[];
  way: CommitWay;
}

/** Work beside `main` that is not merged yet. */
export interface BranchWork {
  name: string;
  tree: FileTree;
  base: number;
  drafts: { draft: CommitDraft; edits: readonly Edit[]; changes: readonly FileChange[] }[];
}

// Files stay small: what matters is who changed them and when.
const fileLinesMax = 70;

/** Builds the history of one repository, commit by commit, in the order of time. */
export class RepositoryBuilder {
  readonly blueprint: Blueprint;
  readonly #commits: HistoryCommit[] = [];
  readonly #main: FileTree = new Map();
  readonly #branches: Record<string, number> = {};
  readonly #tags: Record<string, number> = {};
  /** Where a file went, for work that began before it was renamed. */
  readonly #moved = new Map<string, string>();
  readonly #random: Random;
  #lines = 0;

  constructor(blueprint: Blueprint, random: Random) {
    this.blueprint = blueprint;
    this.#random = random;
  }

  get tip(): number {
    return this.#commits.at(-1) === undefined ? 0 : (this.#branches['main'] ?? 0);
  }

  get paths(): string[] {
    return [...this.#main.keys()];
  }

  /** Commits on `main`. */
  commit(draft: CommitDraft, edits: readonly Edit[]): number {
    return this.#store(draft, this.#ontoMain(), applyEdits(this.#main, this.#follow(edits)));
  }

  /** Renames a file on `main`. */
  rename(draft: CommitDraft, from: string, to: string): void {
    this.#store(draft, this.#ontoMain(), [renameFile(this.#main, from, to)]);
    this.#moved.set(from, to);
  }

  tag(name: string): void {
    this.#tags[name] = this.tip;
  }

  openBranch(name: string): BranchWork {
    return { name, tree: new Map(this.#main), base: this.tip, drafts: [] };
  }

  commitOn(branch: BranchWork, draft: CommitDraft, edits: readonly Edit[]): void {
    branch.drafts.push({ draft, edits, changes: applyEdits(branch.tree, edits) });
  }

  /** Keeps the branch's own commits and joins them to `main`. */
  merge(branch: BranchWork, draft: CommitDraft): void {
    const tip = this.#place(branch);
    const changes = applyEdits(this.#main, this.#follow(branch.drafts.flatMap(({ edits }) => edits)));
    this.#store(draft, [...this.#ontoMain(), tip], changes);
  }

  /** Makes one commit of all; the branch's own ones are forgotten. */
  squash(branch: BranchWork, draft: CommitDraft): void {
    const edits = this.#follow(branch.drafts.flatMap((one) => one.edits));
    this.#store(draft, this.#ontoMain(), applyEdits(this.#main, edits));
  }

  /** Makes each commit once more on top of `main`: authors keep their dates, who stores them gets new ones. */
  rebase(branch: BranchWork, by: { committer: Signature; committed: Moment }): void {
    for (const [index, { draft, edits }] of branch.drafts.entries()) {
      const committed = { ...by.committed, at: by.committed.at + index };
      this.commit({ ...draft, way: 'rebase', committer: by.committer, committed }, edits);
    }
  }

  /** Leaves the branch where it is, unmerged. */
  keepOpen(branch: BranchWork): void {
    if (branch.drafts.length > 0) this.#branches[branch.name] = this.#place(branch);
  }

  finish(): RepositoryHistory {
    return { name: this.blueprint.name, commits: this.#commits, branches: this.#branches, tags: this.#tags };
  }

  /** Some edits that somebody could make there, in one or two files. */
  drawEdits(tree?: FileTree, size = 1): Edit[] {
    const files = tree ?? this.#main;
    const edits = [this.#drawEdit(files, size)];
    if (this.#random.chance(0.35)) edits.push(this.#drawEdit(files, size));
    return edits.filter((edit, index) => edits.findIndex(({ path }) => path === edit.path) === index);
  }

  /** Lines added to a file of a known name, such as a manifest. */
  drawLines(file: { path: string; language: string }, count: number, leftOut: Edit['leftOut'] = null): Edit {
    const lines = this.#main.get(file.path)?.lines ?? [];
    const remove = lines.length + count > fileLinesMax ? lines.slice(0, count) : [];
    const insert = Array.from({ length: count }, () => this.#newLine(file.language));
    return { ...file, leftOut, after: null, insert, remove };
  }

  #drawEdit(files: FileTree, size: number): Edit {
    const area = this.#random.weigh(this.blueprint.areas.map((one) => [one, one.weight] as const));
    const there = [...files.keys()].filter((path) => path.startsWith(`${area.folder}/`));
    const isNew = there.length === 0 || (there.length < 14 && this.#random.chance(0.12));
    const { noun, verb } = drawWords(this.#random);
    const path = isNew ? `${area.folder}/${verb}-${noun}.${area.extension}` : this.#random.pick(there);
    const lines = files.get(path)?.lines ?? [];
    const insert = Array.from({ length: this.#random.int(1, 4 + 8 * size) }, () => this.#newLine(area.language));
    const from = this.#random.int(0, Math.max(0, lines.length - 1));
    const spare = Math.max(0, lines.length + insert.length - fileLinesMax);
    const gone = Math.max(spare, this.#random.chance(0.6) ? this.#random.int(0, 6) : 0);
    return {
      path,
      language: area.language,
      leftOut: area.leftOut ?? null,
      after: lines[from - 1] ?? null,
      insert,
      remove: lines.slice(from, from + gone),
    };
  }

  #newLine(language: string): string {
    this.#lines += 1;
    return makeLine(language, drawWords(this.#random), this.#lines);
  }

  #ontoMain(): number[] {
    return this.tip === 0 ? [] : [this.tip];
  }

  #follow(edits: readonly Edit[]): Edit[] {
    return edits.map((edit) => ({ ...edit, path: this.#moved.get(edit.path) ?? edit.path }));
  }

  #store(draft: CommitDraft, parents: readonly number[], changes: readonly FileChange[]): number {
    const mark = this.#append(draft, parents, changes);
    this.#branches['main'] = mark;
    return mark;
  }

  /** Puts the commits of a branch beside `main` and answers the mark of the last one. */
  #place(branch: BranchWork): number {
    return branch.drafts.reduce(
      (parent, { draft, changes }) => this.#append(draft, parent === 0 ? [] : [parent], changes),
      branch.base,
    );
  }

  #append(draft: CommitDraft, parents: readonly number[], changes: readonly FileChange[]): number {
    const mark = this.#commits.length + 1;
    const { author, authored, committer = author, committed = authored, body = '', coAuthors = [] } = draft;
    const { subject, way } = draft;
    this.#commits.push({
      mark,
      author,
      authored,
      committer,
      committed,
      subject,
      body,
      coAuthors,
      parents,
      changes,
      way,
    });
    return mark;
  }
}
