/** Who wrote or stored a commit, as git names them. */
export interface Signature {
  name: string;
  email: string;
}

/** An instant and the offset of the clock that the act was dated by. */
export interface Moment {
  /** Seconds since 1970. */
  at: number;
  offsetMinutes: number;
}

/** Why the lines of a file are nobody's work. */
export type LeftOut = 'lockfile' | 'generated' | 'vendored';

/** What a commit left of one file. No line occurs twice in a file, so that added and removed lines can be counted by hand. */
export interface FileChange {
  path: string;
  /** Set when the commit renamed the file. */
  previousPath: string | null;
  lines: readonly string[];
  added: number;
  removed: number;
  language: string;
  leftOut: LeftOut | null;
}

/** How a commit came onto its branch. */
export type CommitWay =
  | 'direct'
  | 'branch'
  | 'merge'
  | 'squash'
  | 'rebase'
  | 'release'
  | 'rename'
  | 'empty-subject'
  | 'automation'
  | 'agent';

/** One commit of a made-up history, before git has seen it. */
export interface HistoryCommit {
  /** Its number in its repository, from 1; parents have smaller ones. */
  mark: number;
  author: Signature;
  authored: Moment;
  committer: Signature;
  committed: Moment;
  subject: string;
  body: string;
  coAuthors: readonly Signature[];
  parents: readonly number[];
  /** Of a merge: what the tree needs, though git shows no files of it. */
  changes: readonly FileChange[];
  way: CommitWay;
}

/** One repository with all that its branches reach. */
export interface RepositoryHistory {
  name: string;
  commits: readonly HistoryCommit[];
  /** Branch to the mark of its tip; `main` first. Empty where nothing was committed. */
  branches: Readonly<Record<string, number>>;
  tags: Readonly<Record<string, number>>;
}

/** A person of the story. The first address is the usual one. */
export interface ScenarioPerson {
  id: string;
  name: string;
  emails: readonly [string, ...string[]];
  zone: string;
  /** Days off by name, public holidays and vacations alike. */
  daysOff: Readonly<Record<string, string>>;
}

/** Everything that a test, the demo or a picture needs; the same seed and end give the same scenario. */
export interface Scenario {
  id: 'solo' | 'empty' | 'team';
  /** The zone of views of everybody together. */
  zone: string;
  firstDay: string;
  lastDay: string;
  /** The person whose board is shown. */
  self: string;
  people: readonly ScenarioPerson[];
  /** Signatures that no person stands behind, by what they are. */
  machines: Readonly<Record<'automation' | 'agent', readonly Signature[]>>;
  repositories: readonly RepositoryHistory[];
}

/** The message as it is stored; git reads the trailers of the last paragraph. */
export function renderMessage(commit: Pick<HistoryCommit, 'subject' | 'body' | 'coAuthors'>): string {
  const trailers = commit.coAuthors.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`).join('\n');
  const parts = [commit.subject, commit.body, trailers].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}
