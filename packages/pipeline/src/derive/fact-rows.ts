import type { FailReason, IgnoreReason } from '@devpulse/contract/drop-reasons';
import type { FamilyFact } from './families/define-family.ts';

/** The rows of what every source knows, in the shape the store takes. What only forges know is in `ShapedFamily`. */
export interface FactRows {
  identities: IdentityRow[];
  mentions: MentionRow[];
  repositories: RepositoryRow[];
  commits: CommitRow[];
  credits: CreditRow[];
  files: FileRow[];
  reach: ReachRow[];
  baselines: BaselineRow[];
}

export interface IdentityRow {
  id: string;
  source: string;
  external_key: string;
  email: string | null;
  login: string | null;
  /** The login of the newest counts, where an account can change it. */
  login_at: string;
  name: string | null;
  source_kind: string | null;
  named_at: string;
  first_seen_at: string;
  last_seen_at: string;
  /** False: only ever told of without having done anything. */
  has_acted: boolean;
}

/** A repository that a fact is about, whether or not it was described. */
export interface MentionRow {
  id: string;
  source: string;
  external_key: string;
}

export interface RepositoryRow {
  id: string;
  source: string;
  external_key: string;
  name: string;
  url: string | null;
  default_branch: string | null;
  state: string;
  observed_at: string;
  /** Decides between two versions of the same age. */
  content_hash: string;
}

export interface CommitRow {
  sha: string;
  author_id: string;
  authored_at: string;
  authored_offset_minutes: number;
  committer_id: string;
  committed_at: string;
  committed_offset_minutes: number;
  parents: string[];
  is_merge: boolean;
  subject: string;
  files_changed: number | null;
  fidelity: number;
  /** Decides between two equally faithful readings. */
  content_hash: string;
}

export interface CreditRow {
  sha: string;
  identity_id: string;
  role: 'author' | 'co_author';
  authored_at: string;
}

export interface FileRow {
  sha: string;
  path: string;
  previous_path: string | null;
  additions: number;
  deletions: number;
  language: string | null;
  left_out: string | null;
}

export interface ReachRow {
  repository_id: string;
  sha: string;
  snapshot: number;
  reachable: boolean;
}

export interface BaselineRow {
  repository_id: string;
  source: string;
  external_key: string;
  snapshot: number;
}

/** The rows of one family of facts, and those of its list: `of` is the place of the row that an item belongs to. */
export interface ShapedFamily {
  fact: FamilyFact['fact'];
  rows: Record<string, unknown>[];
  items: (Record<string, unknown> & { of: number; place: number })[];
}

/** The same as JSON texts. */
export interface FamilyBatch {
  fact: FamilyFact['fact'];
  rows: string;
  items: string;
  counts: { rows: number; items: number };
}

/** How parsing ended for each event of a batch, in order. */
export type ParseOutcome = { ok: true } | { ignored: IgnoreReason } | { failed: FailReason; detail: string };

/** What the parsing thread answers: rows as JSON texts, which cross threads and go into the statement as they are. */
export interface ParsedBatch {
  outcomes: ParseOutcome[];
  rows: Record<keyof FactRows, string>;
  /** How many rows each text holds. */
  counts: Record<keyof FactRows, number>;
  families: FamilyBatch[];
}
